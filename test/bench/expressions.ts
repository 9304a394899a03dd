import { compileExpression } from "../../src/mapping/expression/compile.ts";
import { figure, median, type Suite } from "./figure.ts";

type Person = Readonly<
  Record<"givenName" | "surname" | "mail" | "userPrincipalName" | "city" | "department", string>
> & {
  readonly IsSoftDeleted: boolean;
};

/** Expressions of real mapping tables, each beside what one would write by hand. */
const pairs: readonly (readonly [name: string, expression: string, byHand: (person: Person) => string])[] = [
  [
    "join and fold",
    'ToLower(Join("@", StripSpaces(Join(".", [givenName], [surname])), "contoso.com"))',
    ({ givenName, surname }) =>
      [[givenName, surname].filter(Boolean).join(".").replaceAll(" ", ""), "contoso.com"]
        .filter(Boolean)
        .join("@")
        .toLowerCase(),
  ],
  [
    "active",
    'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
    ({ IsSoftDeleted }) => (IsSoftDeleted ? "False" : "True"),
  ],
  [
    "condition",
    'IIF([department]="Data", [department], [city])',
    ({ department, city }) => (department === "Data" ? department : city),
  ],
  [
    "pattern",
    'Replace([mail], , "(?<n>[^@]+)@.*", , "${n}@fabrikam.com", , )',
    ({ mail }) => mail.replace(/(?<n>[^@]+)@.*/g, "$<n>@fabrikam.com"),
  ],
  [
    "parts",
    "Append(Mid([givenName], 1, 3), Left([surname], 5))",
    ({ givenName, surname }) => givenName.slice(0, 3) + surname.slice(0, 5),
  ],
  [
    "choice",
    "Coalesce([mail], [userPrincipalName])",
    ({ mail, userPrincipalName }) => (mail === "" ? userPrincipalName : mail),
  ],
];

/** Passes over the people in one round, so that a round is long enough to be measured on a busy machine. */
const passes = 5;

function milliseconds(run: () => number): number {
  const start = performance.now();
  if (run() === 0) throw new Error("nothing was evaluated");
  return performance.now() - start;
}

/** Evaluation of expressions against hand-written closures over the same people. */
export const expressionSuite: Suite = () => {
  const people = Array.from({ length: 100_000 }, (_, index): Person => ({
    givenName: `Ada ${index}`,
    surname: `Lovelace${index}`,
    mail: `ada${index}@contoso.com`,
    userPrincipalName: `Ada${index}@contoso.com`,
    city: "London",
    department: index % 2 === 0 ? "Data" : "Sales",
    IsSoftDeleted: index % 3 === 0,
  }));
  const total = (evaluate: (person: Person) => unknown) => () => {
    let sum = 0;
    for (let pass = 0; pass < passes; pass++) {
      for (const person of people) sum += String(evaluate(person)).length;
    }
    return sum;
  };
  const runs = pairs.map(([name, expression, byHand]) => {
    const compiled = compileExpression(expression);
    const rounds = Array.from(
      { length: 5 },
      () => [milliseconds(total((person) => compiled.evaluate(person))), milliseconds(total(byHand))] as const,
    );
    const middle = median(rounds.map(([ours, hand]) => ours / hand));
    const baseline = median(rounds.map(([, hand]) => hand));
    const measured = { ours: middle * baseline, baseline, unit: "ms" };
    return figure(`expression: ${name}`, measured, { atMost: 3 });
  });
  return Promise.resolve(runs);
};

import { randomUUID } from "node:crypto";
import { compileExpression } from "../../src/mapping/expression/compile.ts";
import { figure, median, type Suite } from "./figure.ts";

type Person = Readonly<
  Record<
    "givenName" | "surname" | "mail" | "userPrincipalName" | "city" | "department" | "hired" | "userAccountControl",
    string
  >
> & {
  readonly IsSoftDeleted: boolean;
  readonly proxyAddresses: readonly string[];
};

/** Expressions of real mapping tables, every kind of function among them, each beside what one would write by hand. */
const pairs: readonly (readonly [name: string, expression: string, byHand: (person: Person) => string | number])[] = [
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
  [
    "date",
    'FormatDateTime([hired], , "yyyy-MM-dd", "dd.MM.yyyy")',
    ({ hired }) => {
      const date = new Date(`${hired}T00:00:00Z`);
      const two = (value: number) => String(value).padStart(2, "0");
      return `${two(date.getUTCDate())}.${two(date.getUTCMonth() + 1)}.${date.getUTCFullYear()}`;
    },
  ],
  ["list", "Item([proxyAddresses], 2)", ({ proxyAddresses }) => proxyAddresses[1] ?? ""],
  ["number", "BitAnd([userAccountControl], 2)", ({ userAccountControl }) => Number(userAccountControl) & 2],
  ["count", "Count([proxyAddresses])", ({ proxyAddresses }) => proxyAddresses.length],
  ["random", "Guid()", () => randomUUID()],
  ["encoding", "ConvertToBase64([mail])", ({ mail }) => Buffer.from(mail, "utf16le").toString("base64")],
  [
    "diacritics",
    "NormalizeDiacritics([givenName])",
    ({ givenName }) => givenName.normalize("NFD").replace(/\p{M}/gu, ""),
  ],
];

/** Rounds of both sides in turns, each of so many passes over the people. */
const rounds = 9;
const passes = 5;

/** Processor time of this thread, so that what else the machine does is not in it. */
function milliseconds(run: () => number): number {
  const before = process.threadCpuUsage();
  if (run() === 0) throw new Error("nothing was evaluated");
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

/**
 * Evaluation of expressions against hand-written closures over the same people. Every side has run before the first is
 * measured, as in a job with many mappings: calls through a closure are then what they cost there.
 */
export const expressionSuite: Suite = () => {
  const people = Array.from({ length: 100_000 }, (_, index): Person => ({
    givenName: `Ada ${index}`,
    surname: `Lovelace${index}`,
    mail: `ada${index}@contoso.com`,
    userPrincipalName: `Ada${index}@contoso.com`,
    city: "London",
    department: index % 2 === 0 ? "Data" : "Sales",
    hired: "2024-03-09",
    userAccountControl: index % 5 === 0 ? "514" : "512",
    IsSoftDeleted: index % 3 === 0,
    proxyAddresses: [`smtp:a${index}@contoso.com`, `SMTP:ada${index}@contoso.com`],
  }));
  const total = (evaluate: (person: Person) => unknown) => () => {
    let sum = 0;
    for (const person of people) sum += String(evaluate(person)).length;
    return sum;
  };
  const sides = pairs.map(([name, expression, byHand]) => {
    const compiled = compileExpression(expression);
    const differing = people.find((person) => compiled.evaluate(person) !== byHand(person));
    if (differing !== undefined && compiled.unpredictable.length === 0)
      throw new Error(`${name} is not what it is by hand.`);
    return { name, ours: total((person) => compiled.evaluate(person)), byHand: total(byHand) };
  });
  for (const { ours, byHand } of sides) milliseconds(() => ours() + byHand());
  const figures = sides.map(({ name, ours, byHand }) => {
    const times = Array.from({ length: rounds }, () => {
      const sums = { ours: 0, byHand: 0 };
      for (let pass = 0; pass < passes; pass++) {
        sums.ours += milliseconds(ours);
        sums.byHand += milliseconds(byHand);
      }
      return sums;
    });
    const baseline = median(times.map((each) => each.byHand));
    const ratio = median(times.map((each) => each.ours / each.byHand));
    return figure(`expression: ${name}`, { ours: ratio * baseline, baseline, unit: "ms" }, { atMost: 3 });
  });
  return Promise.resolve(figures);
};

import { describe, expect, it } from "vitest";
import { complete, completionsAt } from "../../../src/webview/common/completions.ts";

const names = {
  functions: [
    { name: "Coalesce", doc: "The first with a value." },
    { name: "PCase", doc: "Title case." },
  ],
  attributes: ["companyName", "mail"],
};

/** What is offered where the bar stands. */
const offered = (text: string, always = false) =>
  completionsAt(text.replace("|", ""), text.indexOf("|"), names, always)?.offers.map(({ label }) => label);

/** The text after the offer of that name is taken, with the caret as a bar. */
function taken(text: string, label: string): string {
  const plain = text.replace("|", "");
  const found = completionsAt(plain, text.indexOf("|"), names, true)!;
  const done = complete(
    plain,
    found,
    found.offers.find((each) => each.label === label)!,
  );
  return `${done.text.slice(0, done.caret)}|${done.text.slice(done.caret)}`;
}

describe("completion in an expression", () => {
  it("offers what begins with the name first, then what holds it; attributes alone within brackets", () => {
    expect(offered("PCase(c|)")).toEqual(["Coalesce", "[companyName]", "PCase"]);
    expect(offered("[a|")).toEqual(["[companyName]", "[mail]"]);
    expect(offered('"c|')).toBeUndefined();
    expect(offered("x(zzz|)")).toBeUndefined();
  });

  it("offers everything for an empty name only when a person asks", () => {
    expect(offered("PCase(|)")).toBeUndefined();
    expect(offered("PCase(|)", true)).toEqual(["Coalesce", "PCase", "[companyName]", "[mail]"]);
    expect(offered("PCase([|")).toEqual(["[companyName]", "[mail]"]);
  });

  it("puts the caret between the parentheses of a call and behind an attribute", () => {
    expect(taken("co|", "Coalesce")).toBe("Coalesce(|)");
    expect(taken("co|([mail])", "Coalesce")).toBe("Coalesce|([mail])");
    expect(taken("PCase(ma|)", "[mail]")).toBe("PCase([mail]|)");
    expect(taken("PCase([ma|", "[mail]")).toBe("PCase([mail]|");
    expect(taken("PCase([ma|])", "[mail]")).toBe("PCase([mail]|)");
    expect(taken("PCase([ma|)", "[mail]")).toBe("PCase([mail]|)");
    expect(taken("Join([ma|, [mail])", "[mail]")).toBe("Join([mail]|, [mail])");
  });
});

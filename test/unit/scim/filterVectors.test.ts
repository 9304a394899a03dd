import { describe, expect, it } from "vitest";
import { ScimError } from "../../../src/scim/errors.ts";
import { compileFilter } from "../../../src/scim/filter/compile.ts";
import { parseFilter } from "../../../src/scim/filter/parse.ts";
import { userSchema } from "../../../src/scim/schemas/builtin.ts";
import { people } from "./people.ts";

function matching(filter: string): string[] {
  const matches = compileFilter(parseFilter(filter), userSchema);
  return people.filter(matches).map(({ id }) => id);
}

describe("a filter finds", () => {
  it.each([
    ["F01", 'userName eq "ann@example.com"', "a", "values without regard to case"],
    ["F02", 'USERNAME EQ "ANN@EXAMPLE.COM"', "a", "names and operators in any case"],
    ["F03", 'id eq "A"', "", "by exact case where the schema says so"],
    ["F04", String.raw`name.familyName eq "O'Brien \"Q\""`, "a", "escaped quotes"],
    ["F05", "title pr", "a d", "no empty text as present"],
    ["F07", 'title eq "Engineer" or title eq "Manager" and active eq false', "a", "and before or"],
    ["F08", '(title eq "Engineer" or title eq "Manager") and active eq true', "a d", "groups first"],
    ["F09", "not (active eq true)", "b", "the opposite"],
    ["F10", 'emails[type eq "work" and value co "@work."]', "a b", "by a value path"],
    ["F11", 'emails[type eq "home" and value ew "@work.example.com"]', "d", "conditions of one element only"],
    ["F12", 'emails.type eq "home"', "a b d", "any element"],
    ["F13", 'meta.lastModified ge "2024-05-01T10:00:00Z"', "a c", "instants, not text"],
    [
      "F14",
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "ops"',
      "a",
      "extension attributes by URN",
    ],
    ["F15", 'nickName eq "a]b (x) and y"', "c", "punctuation within text"],
    ["trap", 'not (title eq "Engineer" or title eq "Manager")', "b c", "by De Morgan, on the left"],
    ["trap", 'not (title eq "Engineer") and not (title eq "Manager")', "b c", "by De Morgan, on the right"],
    ["trap", "((active eq false))", "b", "through double parentheses"],
    ["trap", 'id eq "b" or (active eq true and (title pr or nickName pr))', "a b c d", "through nested groups"],
    ["trap", 'emails[type eq "work"].value eq "bob@work.example.com"', "b", "by the tail form Entra uses"],
    ["trap", 'emails[type eq "home" or type eq "work"].value eq "bob@foo.test"', "b", "by a tail after or"],
    ["trap", 'emails[type eq "home"].value pr', "a b d", "by a tail that asks for presence"],
    ["null", "title eq null", "b", "what is unassigned"],
    ["null", "title ne null", "a c d", "what is assigned"],
    ["null", "emails eq null", "c", "an empty list as unassigned"],
    ["ne", 'title ne "Engineer"', "b c d", "what is absent, for ne"],
    ["ne", 'emails.type ne "home"', "a b c", "any element that differs, or none at all"],
    ["plural", 'emails co "FOO.test"', "b", "the value of a complex attribute named alone"],
    ["plural", 'schemas eq "urn:ietf:params:scim:schemas:core:2.0:User"', "a b c d", "elements of a simple list"],
    ["plural", 'schemas[value sw "urn:"]', "a b c d", "elements of a simple list by brackets"],
    ["complex", "name pr", "a", "a complex attribute with one part present"],
    ["order", 'userName gt "BOB@example.com"', "c d", "text in lexical order without case"],
    ["order", 'meta.lastModified lt "2024-01-01T00:00:00+00:00"', "d", "earlier instants"],
    ["boolean", 'active eq "False"', "b", "a boolean given as text"],
    ["bare", 'department eq "Ops"', "a", "an extension attribute without its URN"],
    ["core URN", 'urn:ietf:params:scim:schemas:core:2.0:User:title eq "manager"', "d", "a core attribute with its URN"],
    ["unknown", 'shoeSize eq "44"', "", "nothing by an attribute that no schema defines"],
    ["unknown", "not (shoeSize pr)", "a b c d", "everything that lacks an unknown attribute"],
    ["unknown", 'urn:example:other:userName eq "ann@example.com"', "", "nothing under another URN"],
    ["inherited", "toString pr or valueOf pr or hasOwnProperty pr", "", "nothing that an object inherits"],
  ])("%s %s -> %s: %s", (_, filter, ids) => {
    expect(matching(filter).join(" ")).toBe(ids);
  });
});

describe("a filter is refused as invalidFilter when it", () => {
  it.each([
    ["compares a boolean by size", "active gt true"],
    ["compares binary data by size", 'x509Certificates.value gt "AA=="'],
    ["searches a part of a boolean", 'active co "t"'],
    ["searches a part of a dateTime", 'meta.created co "2024"'],
    ["gives a number for text", "userName eq 5"],
    ["gives text for a boolean", 'active eq "yes"'],
    ["gives no instant for a dateTime", 'meta.created gt "yesterday"'],
    ["asks for the size of null", "title gt null"],
    ["compares a complex attribute that has no value", 'name eq "Ann"'],
    ["could guess a password", 'password sw "a"'],
    ["could guess whether there is a password", "password pr"],
  ])("%s: %s", (_, filter) => {
    const compile = () => compileFilter(parseFilter(filter), userSchema);
    expect(compile).toThrow(ScimError);
    expect(compile).toThrow(expect.objectContaining({ status: 400, scimType: "invalidFilter" }));
  });
});

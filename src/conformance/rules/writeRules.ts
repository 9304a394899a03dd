import { urns } from "../../scim/resource.ts";
import { isComplex, property } from "../../scim/values.ts";
import { idOf, idsOf } from "../labAnswer.ts";
import { departed, judged, type Rule } from "../rule.ts";
import { judgeError } from "./discoveryRules.ts";

/** Creating, replacing and deleting. */
export const writeRules: readonly Rule[] = [
  {
    id: "create.answer",
    origin: "RFC",
    source: "RFC 7644 section 3.3",
    expected: "POST answers 201 with the stored user and its address in the Location header.",
    kind: "write",
    probe: async (lab) => {
      const { status, body, header } = await lab.create("User", lab.newUser());
      const id = idOf(body);
      if (status !== 201 || id === undefined)
        return departed(
          `Answers ${status}${id === undefined ? " without an id" : ""}.`,
          "Answer 201 with the resource.",
        );
      const location = header("location");
      return judged(
        location?.endsWith(`/Users/${encodeURIComponent(id)}`) === true,
        `Location is ${location ?? "absent"}.`,
        "Send Location; clients that lose the body find the resource by it.",
      );
    },
  },
  {
    id: "create.uniqueness",
    origin: "RFC",
    source: "RFC 7644 section 3.3, RFC 7643 section 4.1.1",
    expected: "A second user of the same userName, in any letter case, is refused with 409 uniqueness.",
    kind: "write",
    probe: async (lab) => {
      const user = await lab.made("User");
      const again = lab.newUser({ userName: String(user.sent.userName).toUpperCase(), emails: user.sent.emails });
      return judgeError(await lab.create("User", again), [409], ["uniqueness"]);
    },
  },
  {
    id: "create.requiredAttribute",
    origin: "RFC",
    source: "RFC 7643 section 4.1.1, RFC 7644 section 3.12",
    expected: "A user without userName is refused with 400 invalidValue.",
    kind: "write",
    probe: async (lab) =>
      judgeError(
        await lab.create("User", { schemas: [urns.user], displayName: lab.unique() }),
        [400],
        ["invalidValue"],
      ),
  },
  {
    id: "create.syntax",
    origin: "RFC",
    source: "RFC 7644 section 3.12",
    expected: "A body that is no JSON is refused with 400 invalidSyntax.",
    kind: "write",
    probe: async (lab) =>
      judgeError(await lab.send("POST", "/Users", { body: '{"userName":' }), [400], ["invalidSyntax"]),
  },
  {
    id: "create.readOnlyIgnored",
    origin: "RFC",
    source: "RFC 7644 section 3.3",
    expected: "A read-only attribute in a POST is ignored: the service issues the id.",
    kind: "write",
    probe: async (lab) => {
      const { status, body } = await lab.create("User", lab.newUser({ id: "mine", meta: { resourceType: "Group" } }));
      return judged(status < 300 && idOf(body) !== "mine", `Answers ${status}.`, "Ignore what clients may not set.");
    },
  },
  {
    id: "create.asSent",
    origin: "RFC",
    source: "RFC 7643 section 2.2 (readWrite)",
    expected: "What is sent is what is stored, letter case included.",
    kind: "write",
    probe: async (lab) => {
      const userName = `Mixed-${lab.unique()}@Example.com`;
      const user = await lab.made("User", { userName, emails: [{ value: userName, type: "work", primary: true }] });
      const stored = property(await lab.read(user.path), "userName");
      return judged(
        stored === userName,
        stored === userName ? "Stored as sent." : `userName is stored as ${JSON.stringify(stored ?? null)}.`,
        "Compare without letter case here, or every cycle tries to mend it.",
      );
    },
  },
  {
    id: "create.noAdditions",
    origin: "RFC",
    source: "RFC 7644 section 3.3",
    expected: "What is not sent stays unassigned, apart from defaults that the schema announces.",
    kind: "write",
    probe: async (lab) => {
      const userName = `${lab.unique()}@example.com`;
      const { body } = await lab.create("User", { schemas: [urns.user], userName });
      const own = ["schemas", "id", "meta", "userName", "active", "groups"];
      const added = isComplex(body) ? Object.keys(body).filter((key) => !own.includes(key)) : [];
      return judged(
        added.length === 0,
        added.length === 0 ? "Nothing is added." : `The service adds ${added.join(", ")}.`,
        "Map these attributes, or expect values that nobody sent.",
      );
    },
  },
  {
    id: "create.externalId",
    origin: "RFC",
    source: "RFC 7643 section 3.1",
    expected: "externalId is stored and can be filtered by.",
    kind: "write",
    probe: async (lab) => {
      const externalId = lab.unique();
      const user = await lab.made("User", { externalId });
      if (property(await lab.read(user.path), "externalId") !== externalId)
        return departed("externalId is dropped.", "Match people by userName here.");
      const found = await lab.list("User", { filter: `externalId eq ${JSON.stringify(externalId)}` });
      return judged(
        found.status === 200 && idsOf(found).join() === user.id,
        `The filter answers ${found.status} with ${idsOf(found).length} resources.`,
        "Match people by userName here.",
      );
    },
  },
  {
    id: "create.enterprise",
    origin: "RFC",
    source: "RFC 7643 section 4.3",
    expected: "The enterprise extension of users is stored.",
    kind: "write",
    probe: async (lab) => {
      const more = { schemas: [urns.user, urns.enterpriseUser], [urns.enterpriseUser]: { department: "Data" } };
      const user = await lab.create("User", lab.newUser(more));
      if (user.status >= 400)
        return departed(
          `A user with the extension is refused with ${user.status}.`,
          "Leave the extension out of mappings for this service.",
        );
      const stored = property(property(user.body, urns.enterpriseUser), "department");
      return judged(
        stored === "Data",
        stored === "Data" ? "Stored." : "The extension is dropped without a word.",
        "Leave the extension out of mappings for this service.",
      );
    },
  },
  {
    id: "replace.clears",
    origin: "RFC",
    source: "RFC 7644 section 3.5.1",
    expected: "PUT replaces the whole: attributes that it leaves out are cleared.",
    kind: "write",
    probe: async (lab) => {
      const user = await lab.made("User", { displayName: "Before", externalId: lab.unique() });
      const { userName } = user.sent;
      const { status } = await lab.send("PUT", user.path, {
        body: { schemas: [urns.user], id: user.id, userName, displayName: "After" },
      });
      const stored = await lab.read(user.path);
      const kept = ["name", "externalId"].filter((key) => property(stored, key) !== undefined);
      if (status >= 300 || property(stored, "displayName") !== "After")
        return departed(
          `Answers ${status}; displayName is ${JSON.stringify(property(stored, "displayName") ?? null)}.`,
          "Use PATCH here.",
        );
      return judged(
        kept.length === 0,
        kept.length === 0 ? "Cleared." : `PUT keeps ${kept.join(", ")}.`,
        "Clear attributes by PATCH remove here.",
      );
    },
  },
  {
    id: "replace.neverCreates",
    origin: "RFC",
    source: "RFC 7644 section 3.5.1",
    expected: "PUT of an unknown id answers 404 and creates nothing.",
    kind: "write",
    probe: async (lab) => {
      const user = await lab.made("User");
      await lab.send("DELETE", user.path);
      const { status } = await lab.send("PUT", user.path, { body: { ...user.sent, id: user.id } });
      return judged(status === 404, `Answers ${status}.`, "Answer 404.");
    },
  },
  {
    id: "delete.gone",
    origin: "RFC",
    source: "RFC 7644 section 3.6",
    expected:
      "DELETE answers 204; the user is gone from reads and searches, a second DELETE answers 404, and the name is free again.",
    kind: "write",
    probe: async (lab) => {
      const user = await lab.made("User");
      const first = (await lab.send("DELETE", user.path)).status;
      const read = (await lab.get(user.path)).status;
      const second = (await lab.send("DELETE", user.path)).status;
      const found = idsOf(
        await lab.list("User", { filter: `userName eq ${JSON.stringify(user.sent.userName)}` }),
      ).length;
      const again = (await lab.create("User", user.sent)).status;
      const observed = `DELETE ${first}, GET ${read}, DELETE ${second}, search ${found}, create again ${again}.`;
      return judged(
        first === 204 && read === 404 && second === 404 && found === 0 && again < 300,
        observed,
        "Deactivate instead of deleting here.",
      );
    },
  },
  {
    id: "deactivate.stays",
    origin: "RFC",
    source: "RFC 7643 section 4.1.1 (active)",
    expected: "A user with active false is still read, listed and found.",
    kind: "write",
    probe: async (lab) => {
      const user = await lab.made("User");
      const { status } = await lab.patch(user.path, [{ op: "replace", path: "active", value: false }]);
      const stored = property(await lab.read(user.path), "active");
      const found = idsOf(
        await lab.list("User", { filter: `userName eq ${JSON.stringify(String(user.sent.userName))}` }),
      ).includes(user.id);
      return judged(
        status < 300 && stored === false && found,
        `PATCH ${status}, active ${JSON.stringify(stored ?? null)}, ${found ? "found" : "not found"}.`,
        "Expect that people who were disabled look like new ones.",
      );
    },
  },
];

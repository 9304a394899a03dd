import { urns } from "../../scim/resource.ts";
import { elementsOf, isComplex, property } from "../../scim/values.ts";
import type { Lab } from "../lab.ts";
import { resourcesOf, type Answer } from "../labAnswer.ts";
import { departed, judged, notTried, passed, type Finding, type Rule } from "../rule.ts";

const builtinStandsIn = "Nothing to do for clients that bring the schemas of the RFCs along, as this one does.";

/** What the service says about itself, and how it speaks. */
export const discoveryRules: readonly Rule[] = [
  {
    id: "discovery.serviceProviderConfig",
    origin: "RFC",
    source: "RFC 7643 section 5, RFC 7644 section 4",
    expected:
      "GET /ServiceProviderConfig answers one resource that tells whether patch, bulk, filter, sort and etag are supported.",
    kind: "read",
    probe: async (lab) => {
      const { status, body } = await lab.get("/ServiceProviderConfig");
      if (status !== 200) return departed(`Answers ${status}: there is no such endpoint.`, builtinStandsIn);
      const silent = ["patch", "bulk", "filter", "changePassword", "sort", "etag"].filter(
        (name) => typeof property(property(body, name), "supported") !== "boolean",
      );
      return judged(
        silent.length === 0,
        silent.length === 0 ? "All features are told." : `Says nothing of ${silent.join(", ")}.`,
        "Complete the document.",
      );
    },
  },
  {
    id: "discovery.resourceTypes",
    origin: "RFC",
    source: "RFC 7643 section 6, RFC 7644 section 4",
    expected: "GET /ResourceTypes lists User and Group with their endpoints and schemas.",
    kind: "read",
    probe: async (lab) => {
      const answer = await lab.get("/ResourceTypes");
      if (answer.status !== 200)
        return departed(`Answers ${answer.status}: there is no such endpoint.`, builtinStandsIn);
      const described = resourcesOf(answer).filter((type) =>
        ["endpoint", "schema"].every((key) => typeof property(type, key) === "string"),
      );
      const names = described.map((type) => String(property(type, "name")));
      return judged(
        ["User", "Group"].every((name) => names.includes(name)),
        `Lists ${names.join(", ") || "nothing"}.`,
        "List both types.",
      );
    },
  },
  {
    id: "discovery.schemas",
    origin: "RFC",
    source: "RFC 7643 section 7, RFC 7644 section 4",
    expected: "GET /Schemas lists the schemas of all resource types, each with its URN as id and its attributes.",
    kind: "read",
    probe: async (lab) => {
      const answer = await lab.get("/Schemas");
      if (answer.status !== 200)
        return departed(`Answers ${answer.status}: there is no such endpoint.`, builtinStandsIn);
      const ids = resourcesOf(answer)
        .filter((schema) => Array.isArray(property(schema, "attributes")))
        .map((schema) => property(schema, "id"));
      const missing = [urns.user, urns.group].filter((urn) => !ids.includes(urn));
      return judged(
        missing.length === 0,
        missing.length === 0 ? `Lists ${ids.length} schemas.` : `Lacks ${missing.join(", ")}.`,
        "List every schema.",
      );
    },
  },
  {
    id: "discovery.filterRefused",
    origin: "RFC",
    source: "RFC 7644 section 4",
    expected: "A filter on a discovery endpoint is refused with 403.",
    kind: "read",
    probe: async (lab) => {
      const plain = await lab.get("/ResourceTypes");
      if (plain.status !== 200) return notTried("There are no discovery endpoints.");
      const { status } = await lab.get(`/ResourceTypes?filter=${encodeURIComponent('name eq "User"')}`);
      return judged(status === 403, `Answers ${status}.`, "Refuse it, so that no client takes the part for the whole.");
    },
  },
  {
    id: "message.mediaType",
    origin: "RFC",
    source: "RFC 7644 section 3.1",
    expected: "Answers carry the media type application/scim+json.",
    kind: "read",
    probe: async (lab) => {
      const type = (await lab.list("User", { count: "1" })).header("content-type") ?? "none";
      return judged(
        /^application\/scim\+json\b/i.test(type),
        `Content-Type is ${type}.`,
        "Send application/scim+json; some clients refuse anything else.",
      );
    },
  },
  {
    id: "message.listResponse",
    origin: "RFC",
    source: "RFC 7644 section 3.4.2",
    expected: "A list carries the ListResponse schema, totalResults as a number, and itemsPerPage of the page itself.",
    kind: "read",
    probe: async (lab) => {
      const answer = await lab.list("User", { startIndex: "1", count: "2" });
      const { body } = answer;
      const wrong = [
        elementsOf(property(body, "schemas")).includes(urns.listResponse) ? undefined : "schemas",
        typeof property(body, "totalResults") === "number" ? undefined : "totalResults",
        [undefined, resourcesOf(answer).length].includes(property(body, "itemsPerPage") as number)
          ? undefined
          : "itemsPerPage",
      ].filter((name) => name !== undefined);
      return judged(
        answer.status === 200 && wrong.length === 0,
        wrong.length === 0 ? `Answers ${answer.status}.` : `Wrong or absent: ${wrong.join(", ")}.`,
        "Mend the envelope; paging stands on it.",
      );
    },
  },
  {
    id: "error.notFound",
    origin: "RFC",
    source: "RFC 7644 sections 3.12 and 3.4.1",
    expected: "An unknown id answers 404 with an Error body whose status is a text.",
    kind: "read",
    probe: async (lab) => judgeError(await lab.get(`/Users/${await unknownId(lab)}`), [404]),
  },
  {
    id: "error.unauthenticated",
    origin: "RFC",
    source: "RFC 7644 section 2, RFC 6750 section 3",
    expected: "A request without a token is refused with 401.",
    kind: "read",
    probe: async (lab) => {
      const { status } = await lab.send("GET", "/Users?count=1", { anonymous: true });
      return judged(
        status === 401,
        `Answers ${status}.`,
        status === 200
          ? "Close it: anybody can read who your people are."
          : "Answer 401, so that clients ask for another token.",
      );
    },
  },
  {
    id: "error.unknownEndpoint",
    origin: "RFC",
    source: "RFC 7644 section 3.12",
    expected: "An unknown endpoint answers 404.",
    kind: "read",
    probe: async (lab) => {
      const { status } = await lab.get("/NoSuchResources");
      return judged(status === 404, `Answers ${status}.`, "Answer 404.");
    },
  },
  {
    id: "me",
    origin: "RFC",
    source: "RFC 7644 section 3.11",
    expected: "GET /Me answers the caller, redirects to it, or says with 501 that it is not supported.",
    kind: "read",
    probe: async (lab) => {
      const { status } = await lab.get("/Me");
      return judged(
        [200, 307, 308, 404, 501].includes(status),
        `Answers ${status}.`,
        "Answer 501 where /Me is not supported.",
      );
    },
  },
];

/** Whether an answer is a SCIM error of one of these kinds. */
export function judgeError(
  { status, body, header }: Answer,
  statuses: readonly number[],
  scimTypes?: readonly string[],
): Finding {
  const expected = statuses.join(" or ");
  if (!statuses.includes(status))
    return departed(`Answers ${status} instead of ${expected}.`, `Answer ${expected} with an Error body.`);
  const wrong = [
    elementsOf(property(body, "schemas")).includes(urns.error) ? undefined : "no Error schema",
    property(body, "status") === String(status) ? undefined : "status is not the text of the code",
    /json/i.test(header("content-type") ?? "") ? undefined : "no JSON",
  ].filter((problem) => problem !== undefined);
  if (!isComplex(body) || wrong.length > 0)
    return departed(`Answers ${status}, but ${wrong.join(", ")}.`, "Send the error as RFC 7644 section 3.12 shows it.");
  const scimType = property(body, "scimType");
  if (scimTypes === undefined || scimTypes.includes(scimType as string))
    return passed(`Answers ${status} ${typeof scimType === "string" ? scimType : ""}`.trim() + ".");
  return departed(
    `Answers ${status}, but scimType is ${JSON.stringify(scimType ?? null)}.`,
    `Send scimType ${scimTypes.join(" or ")}; clients decide by it.`,
  );
}

/** An id of the form that the service uses, which nobody has. */
export async function unknownId(lab: Lab): Promise<string> {
  const sample = await lab.sample("User");
  const id = property(sample, "id");
  return typeof id === "string" && /^\d+$/.test(id) ? "1" : "00000000-0000-4000-8000-000000000000";
}

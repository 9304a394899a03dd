import { property } from "../../scim/values.ts";
import { departed, judged, notOffered, type Rule } from "../rule.ts";
import { onSample } from "./listRules.ts";

/** What resources tell of themselves: meta and versions. */
export const versionRules: readonly Rule[] = [
  {
    id: "resource.meta",
    origin: "RFC",
    source: "RFC 7643 section 3.1",
    expected: "A user carries meta with resourceType, created, lastModified and an absolute location.",
    kind: "read",
    probe: (lab) =>
      onSample(lab, async (id) => {
        const meta = property(await lab.read(`/Users/${encodeURIComponent(id)}`), "meta");
        const missing = ["resourceType", "created", "lastModified", "location"].filter(
          (name) => typeof property(meta, name) !== "string",
        );
        if (missing.length > 0)
          return departed(
            `meta lacks ${missing.join(", ")}.`,
            "Send meta; without it nobody can tell what changed since the last look.",
          );
        return judged(
          /^https?:\/\//.test(String(property(meta, "location"))),
          `location is ${String(property(meta, "location"))}.`,
          "Send an absolute location.",
        );
      }),
  },
  {
    id: "version.etag",
    origin: "RFC",
    source: "RFC 7644 section 3.14",
    expected: "The ETag equals meta.version, and If-None-Match with it answers 304.",
    kind: "read",
    probe: (lab) =>
      onSample(lab, async (id) => {
        const path = `/Users/${encodeURIComponent(id)}`;
        const { body, header } = await lab.get(path);
        const [etag, version] = [header("etag"), property(property(body, "meta"), "version")];
        if (version === undefined && (await lab.declares("etag")) !== true)
          return notOffered("Resources carry no version, and the service announces none.");
        if (etag === undefined || etag !== version)
          return departed(
            `ETag ${etag ?? "absent"}, meta.version ${JSON.stringify(version ?? null)}.`,
            "Send both, and the same.",
          );
        const { status } = await lab.get(path, { "if-none-match": etag });
        return judged(status === 304, `If-None-Match answers ${status}.`, "Answer 304 where nothing changed.");
      }),
  },
  {
    id: "version.precondition",
    origin: "RFC",
    source: "RFC 7644 section 3.14",
    expected: "A write with an outdated If-Match answers 412 and changes nothing.",
    kind: "write",
    probe: async (lab) => {
      const user = await lab.made("User", { displayName: "One" });
      const version = property(property(user.stored, "meta"), "version");
      if (typeof version !== "string") return notOffered("Resources carry no version.");
      await lab.patch(user.path, [{ op: "replace", path: "displayName", value: "Two" }]);
      const { status } = await lab.patch(user.path, [{ op: "replace", path: "displayName", value: "Three" }], {
        "if-match": version,
      });
      const stored = property(await lab.read(user.path), "displayName");
      return judged(
        status === 412 && stored === "Two",
        `Answers ${status}; displayName is ${JSON.stringify(stored ?? null)}.`,
        "Read before every write here, and compare.",
      );
    },
  },
];

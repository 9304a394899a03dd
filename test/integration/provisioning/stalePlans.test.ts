import { describe, expect, it } from "vitest";
import type { Profile } from "../../../src/sandbox/options.ts";
import { Random } from "../../../src/sandbox/random.ts";
import type { ScimDocument } from "../../../src/scim/resource.ts";
import { directories } from "../../support/faultRun.ts";
import { actions, jobFor, person, startJob } from "../../support/jobFixture.ts";

/** How many plans are overtaken by other people's edits; more for a longer look (`npm run soak`). */
const runs = Number(process.env["SCIM_STALE_RUNS"] ?? 30);

const membersOf = (document: ScimDocument | undefined) =>
  ((document?.["members"] ?? []) as { value: string }[]).map(({ value }) => value).toSorted();

/** One edit of somebody else, and how to tell that it was respected. */
interface Edit {
  readonly what: string;
  readonly holds: () => boolean;
}

it.each<Profile>(["rfc", "databricks-workspace", "databricks-account"])(
  "a group that was empty when its deletion was planned is kept when somebody joined it since (%s)",
  async (profile) => {
    const job = await jobFor({ profile });
    await job.directory({
      users: [person("ada")],
      groups: [
        { id: "g", displayName: "G" },
        { id: "h", displayName: "H" },
      ],
    });
    await job.cycle();
    await job.directory({ users: [person("ada")], groups: [{ id: "h", displayName: "H" }] });
    const saved = await job.plan();
    expect(actions(saved)).toEqual(["delete G"]);
    const { store } = job.sandbox;
    const value = String(job.user("ada@contoso.com")?.["id"]);
    store.patch(String(store.find("Group", "G")?.["id"]), [{ op: "add", path: "members", value: [{ value }] }]);
    expect((await job.cycle({ saved })).report?.results.map(({ outcome }) => outcome)).toEqual(["conflict"]);
    expect(job.members("G")).toEqual(["ada@contoso.com"]);
    // Seen now, and planned anew.
    expect((await job.cycle()).report?.results.map(({ outcome }) => outcome)).toEqual(["pushed"]);
  },
);

describe.each<Profile>(["rfc", "databricks-workspace", "databricks-account"])(
  "a plan that was overtaken on %s",
  (profile) => {
    it(
      `never overwrites what others changed since, over ${runs} plans`,
      { timeout: 60_000 + runs * 1000 },
      async () => {
        for (let run = 1; run <= runs; run++) {
          const random = new Random(run);
          const job = await startJob({ profile });
          try {
            const { store } = job.sandbox;
            const states = directories(run);
            await job.directory(states[0]!);
            await job.cycle();
            await job.directory(states[1]!);
            const saved = await job.plan();
            const edits: Edit[] = [];
            for (const { targetId, action, name, before } of saved.changes) {
              if (targetId === undefined || random.next() < 0.5) continue;
              const kind = random.next();
              const isGroup = before?.["members"] !== undefined || before?.["userName"] === undefined;
              if (kind < 0.2) {
                store.delete(targetId);
                edits.push({ what: `${name} deleted`, holds: () => store.get(targetId) === undefined });
              } else if (isGroup) {
                const stranger = store.create("User", { userName: `stranger${edits.length}@contoso.com` });
                const id = String(stranger["id"]);
                store.patch(targetId, [{ op: "add", path: "members", value: [{ value: id }] }]);
                edits.push({
                  what: `${name} (${action}): member added`,
                  holds: () => membersOf(store.get(targetId)).includes(id),
                });
              } else {
                const displayName = `Theirs ${run} ${edits.length}`;
                store.patch(targetId, [{ op: "replace", path: "displayName", value: displayName }]);
                edits.push({
                  what: `${name} (${action}): renamed`,
                  holds: () => store.get(targetId)?.["displayName"] === displayName,
                });
              }
            }
            const { report } = await job.cycle({ saved, acceptRemovals: true });
            expect({ run, lost: edits.filter(({ holds }) => !holds()).map(({ what }) => what) }).toEqual({
              run,
              lost: [],
            });
            // What could not be sent is told, each with a reason.
            for (const { outcome, error, conflict } of report?.results ?? []) {
              if (outcome === "conflict")
                expect(conflict?.message ?? error?.message).toMatch(/changed by someone else|no longer exists/);
              // A group may be given a member who was deleted meanwhile; the service refuses it, and says why.
              else if (outcome === "failed") expect(error?.message).toMatch(/The member "[^"]+" does not exist/);
              else expect(["pushed", "redundant"]).toContain(outcome);
            }
          } finally {
            await job.close();
          }
        }
      },
    );
  },
);

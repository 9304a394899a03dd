import { expect, it } from "vitest";
import { undoPush } from "../../../src/provisioning/undoJob.ts";
import { Random } from "../../../src/sandbox/random.ts";
import { person, startJob, type JobFixture } from "../../support/jobFixture.ts";

/** How many histories are tried; more for a longer look (`npm run soak`). */
const histories = Number(process.env["SCIM_GUARD_HISTORIES"] ?? 10);

const everybody = Array.from({ length: 40 }, (_, at) => `p${at}`);
/** What the guard lets pass in 24 hours: the smaller of both limits. */
const settings = { enabled: true, count: 3, percent: 50 };
const day = 24 * 3_600_000;

/** Who has access now. */
function active({ sandbox }: JobFixture): ReadonlySet<string> {
  const users = [...sandbox.store.snapshot().users.values()];
  return new Set(users.filter((user) => user["active"] === true).map(({ userName }) => String(userName)));
}

/** Who is a member of the one group now. */
function members(job: JobFixture): ReadonlySet<string> {
  return new Set(job.members("Everyone"));
}

/** The ways by which a push can be made, each without anybody's consent to removals. */
async function step(job: JobFixture, random: Random): Promise<void> {
  const kind = random.integer(0, 6);
  if (kind === 0) await job.cycle({ initial: true });
  else if (kind === 1) {
    const changes = (await job.plan()).changes.map(({ id }) => id);
    await job.cycle({ only: new Set(changes.slice(0, random.integer(1, 3))) });
  } else if (kind === 2) await job.cycle({ saved: await job.plan() });
  else if (kind === 3) {
    const [change] = (await job.plan()).changes;
    if (change?.sourceId !== undefined) await job.cycle({ focus: change.sourceId, verify: true });
  } else if (kind === 4) {
    await job.with(async (context) => {
      await undoPush(context, { initiatedBy: "test", now: () => new Date(job.now) }).catch(() => undefined);
    });
  } else await job.cycle({ respectEscrow: true });
}

it(
  `lets no more than ${settings.count} people lose access, or a group, in 24 hours, whatever way is tried, over ${histories} histories`,
  { timeout: 60_000 + histories * 20_000 },
  async () => {
    for (let number = 1; number <= histories; number++) {
      const random = new Random(number);
      const job = await startJob(
        { profile: number % 2 === 0 ? "rfc" : "databricks-workspace" },
        { settings: { deletionGuard: settings, leavingScope: number % 3 === 0 ? "delete" : "deactivate" } },
      );
      try {
        const group = (ids: readonly string[]) => [{ id: "g", displayName: "Everyone", members: ids }];
        await job.directory({ users: everybody.map((id) => person(id)), groups: group(everybody) });
        await job.cycle();
        /** When somebody lost access, and when the group lost a member who kept it. */
        const losses: number[] = [];
        const memberLosses: number[] = [];
        let here = everybody;
        let joined = everybody;
        for (let turn = 0; turn < 14; turn++) {
          // People come and go, mostly go; sometimes the directory says that they are disabled.
          here = everybody.filter((id) => (here.includes(id) ? random.next() < 0.9 : random.next() < 0.2));
          joined = everybody.filter((id) => (joined.includes(id) ? random.next() < 0.93 : random.next() < 0.3));
          await job.directory({
            groups: group(joined.filter((id) => here.includes(id))),
            users: (here.length === 0 ? ["p0"] : here).map((id) =>
              person(id, { accountEnabled: random.next() < 0.95 }),
            ),
          });
          const [before, membersBefore] = [active(job), members(job)];
          await step(job, random);
          const [after, membersAfter] = [active(job), members(job)];
          for (const name of before) if (!after.has(name)) losses.push(job.now);
          for (const name of membersBefore) if (!membersAfter.has(name) && job.user(name)) memberLosses.push(job.now);
          const recently = (all: readonly number[]) => all.filter((at) => at > job.now - day).length;
          for (const recent of [recently(losses), recently(memberLosses)])
            expect({ number, turn, recent: recent <= settings.count || recent }).toEqual({
              number,
              turn,
              recent: true,
            });
          job.pass(random.integer(0, 9));
        }
      } finally {
        await job.close();
      }
    }
  },
);

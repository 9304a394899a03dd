import { createTransport } from "nodemailer";
import { request } from "undici";

/** A state of a job that a person is told of, once each. */
export type NotifiedState = "healthy" | "failure" | "held" | "quarantine" | "disabled";

/** What is told: the state, one line, and the lines that explain it. Never a token. */
export interface Notice {
  readonly job: string;
  readonly state: NotifiedState;
  readonly subject: string;
  readonly text: string;
}

/** Where notices go: `settings.notify` of the job, and the SMTP settings of the machine. */
export interface NotifyTargets {
  readonly email?: string;
  readonly webhook?: string;
  /** For example `smtps://user:password@mail.example.com`; comes from the environment, never from a file. */
  readonly smtpUrl?: string;
  readonly from?: string;
}

/**
 * The state to tell of after a cycle; `undefined` when there is nothing new: each state is told once, and an "all clear"
 * when a job is healthy again.
 *
 * @param told the state that was told last
 */
export function stateToTell(told: NotifiedState | undefined, state: NotifiedState): NotifiedState | undefined {
  if (state === (told ?? "healthy")) return undefined;
  return state;
}

/** The text of a notice. */
export function writeNotice(job: string, state: NotifiedState, details: readonly string[]): Notice {
  const subjects: Record<NotifiedState, string> = {
    healthy: "all clear, provisioning works again",
    failure: "the last cycle did not succeed",
    held: "removals are held until a person accepts them",
    quarantine: "provisioning is in quarantine",
    disabled: "provisioning is turned off after four weeks in quarantine",
  };
  const subject = `${job}: ${subjects[state]}`;
  return { job, state, subject, text: [subject, "", ...details].join("\n") };
}

/**
 * Sends a notice by every way that is set up.
 *
 * @returns one sentence per way that failed; a notice that cannot be sent never stops provisioning.
 */
export async function sendNotice(notice: Notice, targets: NotifyTargets): Promise<string[]> {
  const problems: string[] = [];
  const attempt = async (what: string, send: () => Promise<void>) => {
    try {
      await send();
    } catch (error) {
      problems.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const { email, webhook, smtpUrl } = targets;
  if (email !== undefined) {
    if (smtpUrl === undefined) {
      problems.push(
        `No notice went to ${email}: set SCIM_SMTP_URL (for example smtps://user:password@mail.example.com).`,
      );
    } else {
      await attempt(`The notice to ${email} could not be sent`, async () => {
        const transport = createTransport(smtpUrl, { from: targets.from ?? email });
        await transport.sendMail({ to: email, subject: notice.subject, text: notice.text });
        transport.close();
      });
    }
  }
  if (webhook !== undefined) {
    await attempt(`The notice to ${new URL(webhook).host} could not be sent`, async () => {
      const answer = await request(webhook, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(notice),
        headersTimeout: 10_000,
        bodyTimeout: 10_000,
      });
      await answer.body.dump();
      if (answer.statusCode >= 300) throw new Error(`it answered ${answer.statusCode}`);
    });
  }
  return problems;
}

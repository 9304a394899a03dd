import { createServer, type Server } from "node:net";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { notifyJob } from "../../../src/provisioning/notifyJob.ts";
import { jobFor, person, type JobFixture } from "../../support/jobFixture.ts";
import { scriptedServer } from "../../support/scriptedServer.ts";

const people = (count: number) => Array.from({ length: count }, (_, at) => person(`p${at}`));

/** A mail server that keeps what it is given: as much of RFC 5321 as one message needs. */
async function mailServer(): Promise<{ readonly url: string; readonly messages: string[] }> {
  const messages: string[] = [];
  const server: Server = createServer((socket) => {
    let text = "";
    let data = false;
    socket.write("220 test\r\n");
    socket.on("data", (chunk) => {
      text += chunk.toString();
      for (let end = text.indexOf("\r\n"); end >= 0 && !data; end = text.indexOf("\r\n")) {
        const line = text.slice(0, end).toUpperCase();
        text = text.slice(end + 2);
        if (line.startsWith("DATA")) {
          data = true;
          socket.write("354 go on\r\n");
        } else if (line.startsWith("QUIT")) socket.end("221 bye\r\n");
        else socket.write("250 ok\r\n");
      }
      const end = data ? text.indexOf("\r\n.\r\n") : -1;
      if (end < 0) return;
      messages.push(text.slice(0, end));
      text = text.slice(end + 5);
      data = false;
      socket.write("250 kept\r\n");
    });
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`, messages };
}

const tell = (job: JobFixture, machine = {}) => job.with((context) => notifyJob(context, machine, new Date(job.now)));

describe("a webhook", () => {
  it("is told once per state, and of the all clear", async () => {
    const hook = await scriptedServer([{ status: 204 }]);
    onTestFinished(() => hook.close());
    const job = await jobFor(
      {},
      {
        settings: {
          deletionGuard: { enabled: true, count: 1, percent: 100 },
          notify: { webhook: `${hook.origin}/hook`, onFailure: true },
        },
      },
    );
    const states = () => hook.requests.map(({ body }) => (JSON.parse(body) as { state: string }).state);
    const cycle = () => job.cycle({ respectEscrow: true });
    await job.directory({ users: people(4) });
    await cycle();
    expect(await tell(job)).toEqual([]);
    expect(states()).toEqual([]);

    await job.directory({ users: people(1) });
    for (let repeat = 0; repeat < 2; repeat += 1) {
      expect((await cycle()).outcome).toBe("held");
      await tell(job);
    }
    expect(states()).toEqual(["held"]);
    expect(hook.requests[0]?.body).toContain("3 objects would lose access");

    const good = job.token;
    job.token = "revoked-token";
    for (let repeat = 0; repeat < 2; repeat += 1) {
      await expect(cycle()).rejects.toThrow();
      await tell(job);
    }
    expect(states()).toEqual(["held", "quarantine"]);

    job.token = good;
    await job.directory({ users: people(4) });
    await cycle();
    await tell(job);
    await tell(job);
    expect(states()).toEqual(["held", "quarantine", "healthy"]);
    expect(hook.requests.map(({ body }) => body).join()).not.toContain(good);
    expect(hook.requests.map(({ body }) => body).join()).not.toContain("revoked-token");
  });

  it("that cannot be reached never stops provisioning, and is tried again after the next cycle", async () => {
    const hook = await scriptedServer([{ status: 500 }, { status: 204 }]);
    onTestFinished(() => hook.close());
    const job = await jobFor({}, { settings: { notify: { webhook: hook.origin, onFailure: true } } });
    job.token = "revoked";
    await job.directory({ users: people(1) });
    await expect(job.cycle()).rejects.toThrow();
    expect(await tell(job)).toEqual([
      expect.stringMatching(/^The notice to 127\.0\.0\.1:\d+ could not be sent: it answered 500$/),
    ]);
    expect(await tell(job)).toEqual([]);
    expect(await tell(job)).toEqual([]);
    expect(hook.requests).toHaveLength(2);
  });
});

describe("an e-mail", () => {
  it("says which job failed, and why", async () => {
    const mail = await mailServer();
    const job = await jobFor({}, { settings: { notify: { email: "team@example.com", onFailure: true } } });
    await job.directory({ users: people(2) });
    job.sandbox.setFaults("POST/413:#1");
    await job.cycle();
    expect(await tell(job, { smtpUrl: mail.url, from: "scim@example.com" })).toEqual([]);
    expect(mail.messages).toHaveLength(1);
    expect(mail.messages[0]).toMatch(/^From: scim@example\.com\r\nTo: team@example\.com\r\nSubject: Test job: /);
    expect(mail.messages[0]).toMatch(/p\d@contoso\.com: UnprocessableEntity/);
    expect(await tell(job, { smtpUrl: mail.url })).toEqual([]);
    expect(mail.messages).toHaveLength(1);
  });

  it("that cannot be sent says what to set up", async () => {
    const job = await jobFor({}, { settings: { notify: { email: "team@example.com", onFailure: true } } });
    job.token = "revoked";
    await job.directory({ users: people(1) });
    await expect(job.cycle()).rejects.toThrow();
    expect(await tell(job)).toEqual([expect.stringContaining("set SCIM_SMTP_URL")]);
  });
});

it("a directory that cannot be read is a failure that is told", async () => {
  const hook = await scriptedServer([{ status: 204 }]);
  onTestFinished(() => hook.close());
  const job = await jobFor({}, { settings: { notify: { webhook: hook.origin, onFailure: true } } });
  await expect(job.cycle()).rejects.toThrow(/directory\.json/);
  await tell(job);
  expect(JSON.parse(hook.requests[0]?.body ?? "{}")).toMatchObject({
    state: "failure",
    text: expect.stringContaining("directory.json"),
  });
});

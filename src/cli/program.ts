import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import type { CliHost } from "./host.ts";
import { exitCodes } from "./host.ts";
import { type CheckCommandOptions, runCheck } from "./commands/check.ts";
import { type CycleCommandOptions, runCycleCommand } from "./commands/cycle.ts";
import { type DemoOptions, runDemo } from "./commands/demo.ts";
import { entraCommand } from "./commands/entra/command.ts";
import { type ExplainCommandOptions, runExplain } from "./commands/explain.ts";
import { type ListOptions, runList } from "./commands/list.ts";
import { type LogsOptions, runLogs } from "./commands/logs.ts";
import { type DriftCommandOptions, runDrift } from "./commands/drift.ts";
import { type HistoryCommandOptions, runHistory } from "./commands/history.ts";
import { type PlanCommandOptions, runPlan } from "./commands/plan.ts";
import { type PushCommandOptions, runPush } from "./commands/push.ts";
import { type SandboxCommandOptions, runSandbox } from "./commands/sandbox.ts";
import { type StatusCommandOptions, runStatus } from "./commands/status.ts";
import { runUndo, type UndoCommandOptions } from "./commands/undo.ts";
import { runVerify, type VerifyCommandOptions } from "./commands/verify.ts";
import { explainError } from "./errorText.ts";
import { version } from "./version.ts";

const tokenHelp = `
The token comes from the environment variable SCIM_TOKEN, or with --token-stdin from standard input; never from an argument.
Set SCIM_BASE_URL beside it, and the token goes to that address alone, whatever the job file says.`;

/**
 * Runs one command line.
 *
 * @param args the arguments after the program's name
 * @returns the exit code; errors are told on standard error in words, never as a stack trace
 */
export async function run(args: readonly string[], host: CliHost): Promise<number> {
  let exitCode: number = exitCodes.ok;
  const program = buildProgram(host, (code) => (exitCode = code));
  try {
    if (args.length === 0) {
      program.outputHelp();
      return exitCodes.ok;
    }
    await program.parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    // Commander has told its own errors already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.error;
    if (host.signal.aborted) {
      host.stderr.write("Stopped.\n");
      return exitCodes.interrupted;
    }
    host.stderr.write(`${explainError(error, host.env)}\n`);
    return exitCodes.error;
  }
}

function buildProgram(host: CliHost, finish: (code: number) => void): Command {
  const program = new Command("scim-provisioning")
    .description(
      "Provisioning operations over SCIM 2.0: see who is in a service, review every change, push, keep in step.",
    )
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show help for a command")
    .showHelpAfterError("(add --help for what the command takes)")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text),
      getOutHelpWidth: () => host.stdout.columns ?? 100,
    })
    .addHelpText(
      "after",
      `
Try it with no service of your own:
  $ scim-provisioning sandbox --users 50 --groups 5
  $ export SCIM_TOKEN=…   (the token that it printed)
  $ scim-provisioning check http://127.0.0.1:PORT/api/2.0/preview/scim/v2
  $ scim-provisioning plan samples/databricks.provisioning.json
${tokenHelp}`,
    );
  const command = (usage: string, description: string) =>
    program.command(usage).description(description).exitOverride().configureOutput(program.configureOutput());
  const withToken = (own: Command) =>
    own.option("--token-stdin", "read the token from standard input").addHelpText("after", tokenHelp);
  const withService = (own: Command) =>
    withToken(own).option(
      "--observed <file>",
      "how the service behaves: a report of check URL --conformance --format json",
    );

  command("sandbox", "serve a SCIM service on loopback, to try and to test against")
    .option("--port <n>", "port (default: a free one)", wholeNumber)
    .addOption(
      new Option("--profile <name>", "which service it behaves like")
        .choices(["databricks-workspace", "databricks-account", "rfc"])
        .default("databricks-workspace"),
    )
    .option("--seed <file>", "JSON file of people and groups to start with")
    .option("--users <n>", "generate so many users", wholeNumber)
    .option("--groups <n>", "generate so many groups", wholeNumber)
    .option("--latency <ms>", "wait before each answer", wholeNumber)
    .option("--faults <spec>", "inject faults, for example 429:0.05,reset-before:0.01,seed=7")
    .option("--entra", "serve Microsoft Graph with a tenant and a provisioning service as well")
    .option("--speed <n>", "with --entra: how much faster than real time provisioning runs (default: 1)", wholeNumber)
    .addHelpText("after", '\nThe first line on standard output is {"baseUrl":"…","token":"…"}. Ctrl-C ends it.')
    .action(async (options: SandboxCommandOptions) => finish(await runSandbox(host, options)));

  withToken(command("check <url>", "test a connection: read-only probes, each with evidence and a fix"))
    .option("--conformance", "hold the service to the RFCs and to the requests of Entra, Okta and JumpCloud")
    .option("--write", "with --conformance: try writing too, on test users and groups that it creates and removes")
    .option("--yes", "with --write: do not ask (needed where nobody can be asked)")
    .addOption(format("text", ["text", "json", "junit"]))
    .addHelpText("after", "\nExit code: 0 healthy, or conformant; 1 not.")
    .action(async (url: string, options: CheckCommandOptions) => finish(await runCheck(host, url, options)));

  withToken(command("list <url> <type>", "list users or groups"))
    .option("--filter <filter>", "SCIM filter, for example 'userName sw \"ada\"'")
    .option("--attributes <names>", "comma-separated attributes to show")
    .addOption(format("table", ["table", "json", "csv"]))
    .action(async (url: string, type: string, options: ListOptions) => finish(await runList(host, url, type, options)));

  withService(command("plan <job>", "show what would change; writes nothing to the target"))
    .option("--out <file>", "save the plan as JSON, to push it later")
    .option("--initial", "evaluate everyone, not only who moved since the last cycle: shows drift as well")
    .addOption(format("text", ["text", "json", "markdown"]))
    .addHelpText("after", "\nExit code: 0 no changes, 2 changes, 1 error.")
    .action(async (job: string, options: PlanCommandOptions) => finish(await runPlan(host, job, options)));

  withService(command("drift <job>", "what was changed in the target behind the job's back: to repair or to accept"))
    .option("--out <file>", "save it as a plan, to repair it with push --plan")
    .option(
      "--accept <ids>",
      "comma-separated ids to leave as they are, until the directory or the target says otherwise",
    )
    .option("--accepted", "list what is accepted")
    .option("--take-back <ids>", "comma-separated ids of what is accepted, to see it again")
    .addOption(format("text", ["text", "json"]))
    .addHelpText("after", "\nExit code: 0 none, 2 drift, 1 error.")
    .action(async (job: string, options: DriftCommandOptions) => finish(await runDrift(host, job, options)));

  withService(command("push <job>", "push a fresh or a saved plan"))
    .option("--plan <file>", "push this saved plan; what moved since is refused per object")
    .option("--only <ids>", "comma-separated ids of the changes to push")
    .option("--yes", "do not ask (needed where nobody can be asked)")
    .option("--accept-removals", "accept what the deletion guard holds")
    .option("--note <text>", "why; goes into the log")
    .addOption(format("text", ["text", "json"]))
    .addHelpText("after", "\nExit code: 0 done, 3 some objects failed, 4 held by the deletion guard, 1 error.")
    .action(async (job: string, options: PushCommandOptions) => finish(await runPush(host, job, options)));

  withService(command("cycle <job>", "run one initial or incremental cycle"))
    .option("--watch", "run one every interval until Ctrl-C")
    .option("--accept-removals", "accept what the deletion guard holds")
    .option("--restart", "start with an initial cycle: everyone is evaluated again, links are kept")
    .addOption(format("text", ["text", "json"]))
    .addHelpText("after", "\nExit code: 0 done, 3 some objects failed, 4 held by the deletion guard, 1 error.")
    .action(async (job: string, options: CycleCommandOptions) => finish(await runCycleCommand(host, job, options)));

  withService(command("explain <job> <who>", "why is this user or group (not) provisioned? The steps, read-only"))
    .addOption(format("text", ["text", "json"]))
    .option("--push", "then push the change of this one object")
    .option("--yes", "with --push: do not ask")
    .option("--accept-removals", "with --push: accept what the deletion guard holds")
    .action(async (job: string, who: string, options: ExplainCommandOptions) =>
      finish(await runExplain(host, job, who, options)),
    );

  command("status <job>", "last cycle, progress, quarantine")
    .addOption(format("text", ["text", "json"]))
    .action(async (job: string, options: StatusCommandOptions) => finish(await runStatus(host, job, options)));

  command("logs <job>", "the provisioning log")
    .option("--since <time>", "records since a time (2026-11-24T08:00Z) or an age (90m, 24h, 7d)")
    .addOption(
      new Option("--status <status>", "only this status").choices(["success", "failure", "skipped", "warning"]),
    )
    .option("--who <text>", "only records whose name or id holds this text")
    .addOption(format("text", ["text", "json", "csv"]))
    .action(async (job: string, options: LogsOptions) => finish(await runLogs(host, job, options)));

  withService(command("undo <job>", "undo a push: shows its inverse, asks, and pushes it"))
    .option("--push <id>", "the push to undo, as history shows it (default: the last one)")
    .option("--yes", "do not ask (needed where nobody can be asked)")
    .option("--accept-removals", "accept what the deletion guard holds")
    .option("--note <text>", "why; goes into the journal")
    .addOption(format("text", ["text", "json"]))
    .addHelpText(
      "after",
      "\nWhat others changed since is kept and listed. Undoing an undo does it again.\nExit code: 0 done, 3 some objects failed, 4 held by the deletion guard, 1 error.",
    )
    .action(async (job: string, options: UndoCommandOptions) => finish(await runUndo(host, job, options)));

  command("history <job> [who]", "the pushes of a job, or all that they did to one user or group")
    .addOption(format("text", ["text", "json"]))
    .action(async (job: string, who: string | undefined, options: HistoryCommandOptions) =>
      finish(await runHistory(host, job, who, options)),
    );

  command("verify <job>", "check the journal of a job: nothing changed, cut off or torn")
    .addOption(format("text", ["text", "json"]))
    .action(async (job: string, options: VerifyCommandOptions) => finish(await runVerify(host, job, options)));

  program.addCommand(entraCommand(host, finish, program.configureOutput()));
  program.addCommand(
    withToken(new Command("demo"))
      .argument("<url>")
      .exitOverride()
      .action(async (url: string, options: DemoOptions) => finish(await runDemo(host, url, options))),
    { hidden: true },
  );
  return program;
}

function format(initial: string, choices: string[]): Option {
  return new Option("--format <format>", "output").choices(choices).default(initial);
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new InvalidArgumentError("It has to be a whole number.");
  return value;
}

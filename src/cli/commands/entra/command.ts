import { Command, Option, type OutputConfiguration } from "commander";
import { resetEffects } from "../../../entra/jobs.ts";
import { clouds } from "../../../graph/clouds.ts";
import type { CliHost } from "../../host.ts";
import {
  runEntraAct,
  runEntraJobs,
  runEntraLogs,
  runEntraOnDemand,
  runEntraRestart,
  runEntraStatus,
} from "./operate.ts";
import { runDiscover } from "./discover.ts";
import { runExportSchema, runImportSchema, runWhatIf } from "./schema.ts";

const help = `
Signs in with ENTRA_TOKEN, or with ENTRA_TENANT_ID, ENTRA_CLIENT_ID and ENTRA_CLIENT_SECRET. APP is the name of an enterprise
application, or the object id of its service principal. docs/ENTRA.md says which permissions each command needs.`;

/** `entra …`: the provisioning service of Microsoft Entra, operated through Microsoft Graph. */
export function entraCommand(host: CliHost, finish: (code: number) => void, output: OutputConfiguration): Command {
  const entra = new Command("entra")
    .description("operate Microsoft Entra provisioning through Microsoft Graph")
    .exitOverride()
    .configureOutput(output)
    .addHelpText("after", help);
  const command = (usage: string, description: string) =>
    entra
      .command(usage)
      .description(description)
      .exitOverride()
      .configureOutput(output)
      .addOption(new Option("--cloud <name>", "the cloud of the tenant").choices(clouds.map(({ id }) => id)))
      .option("--job <id>", "the job, where an application has several")
      .addHelpText("after", help);
  const format = (choices: string[]) => new Option("--format <format>", "output").choices(choices).default(choices[0]);
  /** Commander gives the arguments, the options and itself; options were checked by it. */
  const run =
    (work: (...args: never[]) => Promise<number>) =>
    async (...args: unknown[]): Promise<void> => {
      finish(await work(...(args.slice(0, -1) as never[])));
    };
  const yes = (own: Command) => own.option("--yes", "do not ask (needed where nobody can be asked)");

  command("jobs", "enterprise applications with provisioning, and how their jobs are")
    .addOption(format(["text", "json"]))
    .action(run((options: Parameters<typeof runEntraJobs>[1]) => runEntraJobs(host, options)));
  command("status <app>", "state, progress, last cycle, quarantine")
    .addOption(format(["text", "json"]))
    .action(run((app: string, options: Parameters<typeof runEntraStatus>[2]) => runEntraStatus(host, app, options)));
  command("logs <app>", "the service's provisioning log, newest first")
    .option("--since <time>", "records since a time (2026-11-24T08:00Z) or an age (90m, 24h, 7d)")
    .addOption(
      new Option("--status <status>", "only this status").choices(["success", "failure", "skipped", "warning"]),
    )
    .option("--who <text>", "only records whose name or id holds this text")
    .addOption(format(["text", "json", "csv"]))
    .action(run((app: string, options: Parameters<typeof runEntraLogs>[2]) => runEntraLogs(host, app, options)));
  for (const act of ["start", "pause"] as const) {
    const what = act === "start" ? "start provisioning, or go on after a pause or quarantine" : "pause provisioning";
    yes(command(`${act} <app>`, what)).action(
      run((app: string, options: Parameters<typeof runEntraAct>[3]) => runEntraAct(host, act, app, options)),
    );
  }
  yes(command("restart <app>", "restart provisioning with a chosen reset"))
    .addOption(new Option("--reset <scope>", "what is forgotten").choices(Object.keys(resetEffects)).default("portal"))
    .option("--accept-removals", "with --reset ForceDeletes: carry out the held deletions")
    .action(run((app: string, options: Parameters<typeof runEntraRestart>[2]) => runEntraRestart(host, app, options)));
  yes(command("on-demand <app> <who>", "provision one user or group at once"))
    .option("--members", "of a group: with all its direct members, five in a request")
    .addOption(format(["text", "json"]))
    .addHelpText("after", "\nExit code: 0 done or skipped, 3 failed, 1 error.")
    .action(
      run((app: string, who: string, options: Parameters<typeof runEntraOnDemand>[3]) =>
        runEntraOnDemand(host, app, who, options),
      ),
    );
  command("what-if <app>", "the plan of the service's next cycle; reads only")
    .option("--schema <file>", "a schema or job file that is not saved yet: the cycle that it would start")
    .addOption(new Option("--scope <mode>", "a scope that is not saved yet").choices(["all", "assigned"]))
    .option("--tenant-url <url>", "the tenant URL, where the service does not give it back")
    .option("--out <file>", "save the plan as JSON, to compare it later")
    .option("--compare <file>", "score a saved plan against the log of the cycle that followed")
    .option("--token-stdin", "read the token of the target from standard input (else SCIM_TOKEN)")
    .addOption(format(["text", "json", "markdown"]))
    .addHelpText("after", "\nExit code: 0 no changes, 2 changes, 1 error.")
    .action(run((app: string, options: Parameters<typeof runWhatIf>[2]) => runWhatIf(host, app, options)));
  yes(
    command("discover <app>", "let the service read the attributes of a directory again, to map those that came since"),
  )
    .option("--directory <name>", "a directory of the schema (default: the tenant)")
    .addOption(format(["text", "json"]))
    .action(run((app: string, options: Parameters<typeof runDiscover>[2]) => runDiscover(host, app, options)));
  command("export-schema <app>", "write the schema (mappings and scoping filters) as the service has it")
    .option("--out <file>", "to a file instead of standard output")
    .action(run((app: string, options: Parameters<typeof runExportSchema>[2]) => runExportSchema(host, app, options)));
  yes(command("import-schema <app> <file>", "write a schema, or the mappings of a job file, to the service"))
    .option("--base <file>", "the export that the edit began from: what others changed since is kept")
    .action(
      run((app: string, file: string, options: Parameters<typeof runImportSchema>[3]) =>
        runImportSchema(host, app, file, options),
      ),
    );
  return entra;
}

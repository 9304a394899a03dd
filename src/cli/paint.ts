import type { Paint } from "../provisioning/planText.ts";
import { plain } from "../provisioning/planText.ts";
import type { CliHost } from "./host.ts";
import { wantsColour } from "./host.ts";
import { printable } from "./table.ts";

const code = (open: number, close: number) => (text: string) => `\u001b[${open}m${printable(text)}\u001b[${close}m`;

const colours: Paint = { added: code(32, 39), removed: code(31, 39), strong: code(1, 22), faint: code(2, 22) };
const safe: Paint = { added: printable, removed: printable, strong: printable, faint: printable };

/** Colours where standard output is a terminal; names are made safe to print either way. */
export function paintFor(host: CliHost): Paint {
  return wantsColour(host, host.stdout) ? colours : { ...plain, ...safe };
}

import { readdir, readFile, readlink } from "node:fs/promises";

/** A TCP port on which a process listens. */
export interface ListeningPort {
  readonly pid: number;
  readonly address: string;
  readonly port: number;
}

/** State of a listening socket in /proc/net/tcp. */
const listen = "0A";

/** The TCP ports on which processes listen, by /proc (Linux). */
export async function listeningPorts(pids: Iterable<number>): Promise<readonly ListeningPort[]> {
  const sockets = new Map<string, { readonly address: string; readonly port: number }>();
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const line of (await readFile(table, "utf8").catch(() => "")).split("\n").slice(1)) {
      const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
      const [address = "", port = ""] = local.split(":");
      if (state === listen) sockets.set(inode, { address: addressOf(address), port: parseInt(port, 16) });
    }
  }
  const found: ListeningPort[] = [];
  for (const pid of pids) {
    for (const file of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const target = await readlink(`/proc/${pid}/fd/${file}`).catch(() => "");
      const socket = sockets.get(/^socket:\[(\d+)\]$/.exec(target)?.[1] ?? "");
      if (socket) found.push({ pid, ...socket });
    }
  }
  return found;
}

/** IPv4 addresses stand in the byte order of the machine; others are told as they stand. */
function addressOf(hex: string): string {
  if (hex.length !== 8) return hex;
  return [3, 2, 1, 0].map((at) => parseInt(hex.slice(at * 2, at * 2 + 2), 16)).join(".");
}

/** The arguments of every process that may be seen, and each process's parent. */
export async function processes(): Promise<ReadonlyMap<number, { readonly parent: number; readonly args: string }>> {
  const found = new Map<number, { readonly parent: number; readonly args: string }>();
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const [stat, args] = await Promise.all(
      ["stat", "cmdline"].map((file) => readFile(`/proc/${name}/${file}`, "latin1").catch(() => "")),
    );
    // The name of the command, in parentheses, may hold anything (proc(5)).
    const parent = Number((stat ?? "").slice((stat ?? "").lastIndexOf(")") + 2).split(" ")[1]);
    found.set(Number(name), { parent, args: args ?? "" });
  }
  return found;
}

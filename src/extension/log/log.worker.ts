/** The thread that reads a provisioning log: indexes it, filters it, gives windows of it. Only reads; writes exports. */
import { createWriteStream } from "node:fs";
import { once } from "node:events";
import { parentPort } from "node:worker_threads";
import { LogIndex } from "./logIndex.ts";
import type { LogView } from "./logIndex.ts";
import type { LogFilter } from "./messages.ts";
import { noFilter } from "./messages.ts";
import type { FromLogThread, ToLogThread } from "./protocol.ts";
import { exportEnd, exportHead, exportRecord, logDetail, logRow } from "./records.ts";

/** While older records are still read, the view is told so often, in milliseconds. */
const tellEvery = 300;
/** More cycles than this are not listed; a filter narrows them. */
const cycleLimit = 20_000;

const send = (message: FromLogThread): void => parentPort?.postMessage(message);

let index: LogIndex | undefined;
let filter: LogFilter = noFilter;
let view: LogView = { matches: [], matched: 0, cycles: [] };
let seq = 0;
/** The first number whose places still hold. */
let since = 1;
let reading = false;
/** How often it was asked to read again meanwhile. */
let asked = 0;

parentPort?.on("message", (message: ToLogThread) => {
  void receive(message).catch((error: unknown) =>
    send({ kind: "error", message: error instanceof Error ? error.message : String(error) }),
  );
});

async function receive(message: ToLogThread): Promise<void> {
  switch (message.kind) {
    case "open":
      index = new LogIndex(message.file);
      await read();
      return;
    case "refresh": {
      await read();
      return;
    }
    case "query":
      filter = message.filter;
      since = seq + 1;
      tell();
      return;
    case "rows": {
      if (message.seq < since) return;
      const records = (await index?.records(view, message.from, message.to)) ?? [];
      const rows = records.flatMap((record) => (record === undefined ? [] : [logRow(record)]));
      send({ kind: "rows", seq: message.seq, from: message.from, rows });
      return;
    }
    case "record": {
      const [record] =
        message.seq >= since ? ((await index?.records(view, message.index, message.index + 1)) ?? []) : [];
      send({
        kind: "record",
        request: message.request,
        detail: record && logDetail(record, message.index),
        text: record && JSON.stringify(record, undefined, 2),
      });
      return;
    }
    case "export": {
      await exportTo(message.target, message.format);
      return;
    }
  }
}

async function read(): Promise<void> {
  asked += 1;
  if (reading) return;
  reading = true;
  try {
    while (asked > 0) {
      asked = 0;
      since = seq + 1;
      let next = 0;
      for await (const _ of index?.update() ?? []) {
        const began = performance.now();
        if (began < next) continue;
        tell();
        // What telling costs must not keep the reading from going on.
        next = performance.now() + Math.max(tellEvery, 10 * (performance.now() - began));
        // Lets requests for rows through between two parts.
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  } finally {
    reading = false;
  }
  tell();
}

function tell(): void {
  if (index === undefined) return;
  view = index.view(filter, new Date());
  seq += 1;
  const { matched, cycles } = view;
  send({
    kind: "view",
    seq,
    since,
    total: index.total,
    matched,
    reading,
    damaged: index.damaged,
    reasons: index.reasons.slice(0, 100),
    cycles: cycles.slice(0, cycleLimit),
  });
}

async function exportTo(target: string, format: "csv" | "json"): Promise<void> {
  const shown = view;
  const stream = createWriteStream(target, { mode: 0o600 });
  const failed = once(stream, "error").then(([error]) => Promise.reject(error as Error));
  failed.catch(() => undefined);
  const write = async (text: string) => {
    if (!stream.write(text)) await Promise.race([once(stream, "drain"), failed]);
  };
  await write(exportHead(format));
  const page = 2_000;
  let first = true;
  for (let from = 0; from < shown.matched; from += page) {
    const records = (await index?.records(shown, from, from + page)) ?? [];
    let text = "";
    for (const record of records) {
      if (record === undefined) continue;
      text += exportRecord(format, record, first);
      first = false;
    }
    await write(text);
  }
  await write(exportEnd(format));
  stream.end();
  await Promise.race([once(stream, "close"), failed]);
  send({ kind: "exported", records: shown.matched, target });
}

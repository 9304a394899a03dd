/** The thread that reads journals of pushes, which can be long. Only reads. */
import { parentPort } from "node:worker_threads";
import { journalReader } from "./journalReader.ts";
import type { FromHistoryThread, ToHistoryThread } from "./protocol.ts";

const answers = journalReader();

parentPort?.on("message", (message: ToHistoryThread) => void answer(message));

async function answer({ id, method, parameters }: ToHistoryThread): Promise<void> {
  const send = (message: FromHistoryThread): void => parentPort?.postMessage(message);
  try {
    const perform = answers[method] as (parameters: unknown) => Promise<unknown>;
    send({ id, answer: await perform(parameters) });
  } catch (error) {
    send({ id, error: error instanceof Error ? error.message : String(error) });
  }
}

"use strict";
/**
 * Runs inside the extension host in place of the test entry, and reports over a Unix socket: what the tests write, and
 * how they ended. The page's own relay is no substitute: it says 0 when the extension host dies.
 * Environment: SCIM_HOST_SOCKET (the socket), SCIM_HOST_ENTRY (the real test entry).
 */
const { connect } = require("node:net");
const { Writable } = require("node:stream");
const { pathToFileURL } = require("node:url");
const { format } = require("node:util");

exports.run = async function run() {
  const socket = connect(process.env.SCIM_HOST_SOCKET);
  await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  const report = (message) => new Promise((resolve) => socket.write(`${JSON.stringify(message)}\n`, resolve));
  redirectOutput((stream, text) => void report({ type: "output", stream, text }));
  try {
    await runEntry(process.env.SCIM_HOST_ENTRY);
    await report({ type: "passed" });
  } catch (error) {
    await report({ type: "failed", text: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    throw error;
  } finally {
    socket.end();
  }
};

async function runEntry(path) {
  const entry = path.endsWith(".mjs") ? await import(pathToFileURL(path).href) : require(path);
  const run = entry.run ?? entry.default?.run;
  if (typeof run !== "function") throw new Error(`${path} exports no run function`);
  if (run.length < 2) return run();
  const root = process.env.SCIM_HOST_ENTRY;
  return new Promise((resolve, reject) => {
    run(root, (error, failures) => {
      if (error) reject(error);
      else if (typeof failures === "number" && failures > 0) reject(new Error(`${failures} tests failed`));
      else resolve();
    });
  });
}

/** In the extension host console and process.stdout are accessors that drop what is written: they are replaced whole. */
function redirectOutput(write) {
  for (const [name, stream] of Object.entries({ log: 1, info: 1, debug: 1, warn: 2, error: 2, trace: 2 })) {
    const value = (...values) => write(stream, `${format(...values)}\n`);
    Object.defineProperty(console, name, { value, configurable: true, writable: true });
  }
  for (const [name, stream] of [
    ["stdout", 1],
    ["stderr", 2],
  ]) {
    const value = new Writable({
      write(chunk, _encoding, done) {
        write(stream, String(chunk));
        done();
      },
    });
    Object.defineProperty(process, name, { value, configurable: true, writable: true });
  }
}

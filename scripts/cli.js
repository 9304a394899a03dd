#!/usr/bin/env node
// Copied to dist/cli.js as it stands: an older Node.js must be able to read it, to say that it is too old.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major > 22 || (major === 22 && minor >= 19)) {
  await import("./cli-main.js");
} else {
  process.stderr.write(`scim-provisioning needs Node.js 22.19 or newer; this is Node.js ${process.versions.node}.\n`);
  process.exitCode = 1;
}

import { activationSuite } from "./activation.ts";
import { driftSuite } from "./drift.ts";
import { expressionSuite } from "./expressions.ts";
import { logSuite } from "./log.ts";
import { packageSuite } from "./package.ts";
import { peersSuite } from "./peers.ts";
import { planSuite } from "./plan.ts";
import { pushSuite } from "./push.ts";
import { responsiveSuite } from "./responsive.ts";
import { sandboxSuite } from "./sandbox.ts";
import { treeSuite } from "./tree.ts";
import type { Suite } from "./figure.ts";

/** Every suite by its name; `npm run bench -- NAME…` runs the named ones alone. */
const suites: Readonly<Record<string, Suite>> = {
  sandbox: sandboxSuite,
  plan: planSuite,
  push: pushSuite,
  expressions: expressionSuite,
  drift: driftSuite,
  log: logSuite,
  tree: treeSuite,
  peers: peersSuite,
  package: packageSuite,
  activation: activationSuite,
  responsive: responsiveSuite,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(suites, name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(", ")}. There are: ${Object.keys(suites).join(", ")}.`);
  process.exitCode = 1;
} else {
  for (const [name, suite] of Object.entries(suites)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    for (const figure of await suite()) {
      console.log(JSON.stringify(figure));
      if (!figure.passed) process.exitCode = 1;
    }
  }
}

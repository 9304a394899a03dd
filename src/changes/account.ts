import { userInfo } from "node:os";

/** Where CI runners say whose run it is: GitHub Actions, GitLab, Azure Pipelines, CircleCI. */
const runnerVariables = ["GITHUB_ACTOR", "GITLAB_USER_LOGIN", "BUILD_REQUESTEDFOR", "CIRCLE_USERNAME"] as const;

/** Who pushes, for the journal: as the CI runner names them, else the operating system; `undefined` where neither does. */
export function accountName(env: Readonly<Record<string, string | undefined>>): string | undefined {
  for (const name of runnerVariables) {
    const value = env[name]?.trim();
    if (value !== undefined && value !== "") return value.slice(0, 200);
  }
  try {
    return userInfo().username || undefined;
  } catch {
    // A container may run under a number that no account has.
    return undefined;
  }
}

import type { Entry } from "./entry.ts";

/** The folders that a workspace makes for its users and service principals and keeps when they go. */
export class HomeFolders {
  readonly paths = new Set<string>();

  /** Makes the folder of someone who has come to the workspace. */
  make({ type, shared }: Entry): void {
    const name = type === "User" ? shared.userName : shared.applicationId;
    if (typeof name === "string") this.paths.add(`/Users/${name}`);
  }
}

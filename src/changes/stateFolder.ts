import { mkdir, open } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** The folder beside a job file in which its state stands. */
const stateFolderName = ".provisioning";

/**
 * Makes a state folder with mode 0700. When it stands in `.provisioning`, that folder gets a `.gitignore` that keeps all
 * of it out of version control.
 */
export async function makeStateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const parent = dirname(path);
  if (basename(parent) !== stateFolderName) return;
  try {
    const file = await open(join(parent, ".gitignore"), "wx", 0o600);
    await file.writeFile("*\n");
    await file.close();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}

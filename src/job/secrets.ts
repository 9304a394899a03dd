import type { Node } from "jsonc-parser";

/** What a secret found in a job file is called, and the node that holds it. */
export interface SecretFound {
  readonly path: readonly (string | number)[];
  readonly node: Node;
  readonly message: string;
}

const secretKeys =
  /^(?:(?:access|bearer|refresh|auth|scim|secret|api|personal.?access)?[-_.]?tokens?|pass(?:word|wd|phrase)?|(?:client|shared)?[-_.]?secrets?|(?:api|private|access)[-_.]?keys?|authorization|credentials?)$/i;

const secretValues: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  { pattern: /^dapi[0-9a-f]{16,}/i, what: "a Databricks personal access token" },
  { pattern: /^Bearer\s+\S{8,}/i, what: "an Authorization header" },
  { pattern: /^eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*$/, what: "a JSON Web Token" },
  { pattern: /^https?:\/\/[^/@\s]+:[^/@\s]+@/i, what: "a password within a URL" },
];

const remedy =
  "A job file never holds a secret, since it is shared. Remove it, revoke it if it was real, and give the token through the environment variable SCIM_TOKEN or through the connection in VS Code.";

/** Keys that are named like a secret, and texts that look like one, anywhere in the file. The value is never repeated. */
export function findSecrets(root: Node): SecretFound[] {
  const found: SecretFound[] = [];
  const visit = (node: Node, path: readonly (string | number)[]): void => {
    if (node.type === "object") {
      for (const property of node.children ?? []) {
        const [key, value] = property.children ?? [];
        if (key === undefined) continue;
        const name = String(key.value);
        if (secretKeys.test(name)) {
          found.push({ path: [...path, name], node: key, message: `"${name}" looks like a secret. ${remedy}` });
        } else if (value !== undefined) visit(value, [...path, name]);
      }
    } else if (node.type === "array") {
      node.children?.forEach((child, index) => visit(child, [...path, index]));
    } else if (node.type === "string") {
      const secret = secretValues.find(({ pattern }) => pattern.test(String(node.value)));
      if (secret !== undefined) found.push({ path, node, message: `This looks like ${secret.what}. ${remedy}` });
    }
  };
  visit(root, []);
  return found;
}

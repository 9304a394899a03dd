import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import * as z from "zod";
import type { GraphSettings } from "../../directory/settings.ts";
import { clouds } from "../../graph/clouds.ts";
import { CancelledError } from "../platform/errors.ts";
import { labelText } from "../platform/text.ts";

/** A tenant that a person is signed in to, or has named in the settings. */
export interface KnownTenant {
  /** Its id or a domain name. */
  readonly id: string;
  readonly name: string;
  /** Enterprise applications that provision, as far as they were read. */
  readonly applications: readonly { readonly id: string; readonly name: string }[];
}

/** What is known of Microsoft Entra, so that little has to be typed. */
export interface KnownGraph {
  /** The Graph service that the settings name. */
  readonly graphUrl: string;
  tenants(): readonly KnownTenant[];
}

const tenantSchema = z.union([z.guid(), z.hostname().regex(/\./)]);
const idSchema = z.guid();

/** Asks for the tenant and the enterprise application that people and assignments are read from. @throws CancelledError */
export async function chooseGraph({ graphUrl, tenants }: KnownGraph): Promise<GraphSettings> {
  const known = tenants();
  const tenantId = await choose(
    known.map(({ id, name }) => ({ label: labelText(name), description: labelText(id), id })),
    {
      title: l10n.t("The Microsoft Entra tenant that people come from"),
      other: l10n.t("Another tenant…"),
      prompt: l10n.t("Its id or a domain name, for example contoso.onmicrosoft.com"),
      check: (text) =>
        tenantSchema.safeParse(text).success ? undefined : l10n.t("This is neither a tenant id nor a domain name."),
    },
  );
  const applications = known.find(({ id }) => id === tenantId)?.applications ?? [];
  const servicePrincipalId = await choose(
    [
      ...applications.map(({ id, name }) => ({ label: labelText(name), description: labelText(id), id })),
      {
        label: l10n.t("None"),
        description: l10n.t("for a job that provisions everybody: nobody is assigned"),
        id: "",
      },
    ],
    {
      title: l10n.t("The enterprise application whose assignments decide who is in scope"),
      other: l10n.t("Another application…"),
      prompt: l10n.t("The object id of the enterprise application"),
      check: (text) =>
        idSchema.safeParse(text).success ? undefined : l10n.t("This is no object id: it has the form of a GUID."),
    },
  );
  const isGlobal = graphUrl === clouds[0]?.graphUrl;
  return {
    type: "graph",
    tenantId,
    ...(servicePrincipalId !== "" && { servicePrincipalId }),
    ...(!isGlobal && { baseUrl: graphUrl }),
  };
}

interface Asking {
  readonly title: string;
  /** The entry that leads to typing. */
  readonly other: string;
  readonly prompt: string;
  /** What is wrong with a text, if anything. */
  readonly check: (text: string) => string | undefined;
}

async function choose(
  items: readonly (vscode.QuickPickItem & { readonly id: string })[],
  { title, other, prompt, check }: Asking,
): Promise<string> {
  const typed = { label: other, id: undefined };
  const picked = await vscode.window.showQuickPick([...items, typed], {
    title,
    placeHolder: title,
    ignoreFocusOut: true,
  });
  if (picked === undefined) throw new CancelledError();
  if (picked.id !== undefined) return picked.id;
  const text = await vscode.window.showInputBox({
    title,
    prompt,
    ignoreFocusOut: true,
    validateInput: (value) => check(value.trim()),
  });
  if (text === undefined) throw new CancelledError();
  return text.trim();
}

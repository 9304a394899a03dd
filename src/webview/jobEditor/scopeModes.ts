import { html, type TemplateResult } from "lit";
import type { Snapshot } from "../../extension/jobEditor/messages/job.ts";
import type { ScopeCounts } from "../../extension/jobEditor/messages/previews.ts";
import { icon } from "../common/icon.ts";
import { choices } from "./field.ts";
import type { Store } from "./store.ts";
import { count } from "./words.ts";

type Rules = NonNullable<Snapshot["job"]>["scope"];

/** Who is evaluated, and what Default Access counts for. */
export function scopeModes(
  store: Store,
  rules: Rules,
  counts: ScopeCounts | undefined,
  disabled: boolean,
): TemplateResult {
  return html`<div class="two">
    ${choices(
      "Mode",
      "mode",
      [
        {
          id: "assigned",
          label: "Sync only assigned users and groups",
          detail:
            counts === undefined || rules.mode !== "assigned"
              ? ""
              : `${count(counts.assigned)} are assigned and active`,
        },
        { id: "all", label: "Sync all users and groups", detail: "Everybody in the directory is evaluated" },
      ],
      rules.mode,
      disabled,
      (value) => store.edit({ kind: "set", path: ["scope", "mode"], value }),
    )}
    ${choices(
      "Default Access role",
      "defaultAccess",
      [
        {
          id: "exclude",
          label: "Skip who holds only Default Access",
          detail:
            counts === undefined || rules.mode === "all" || rules.defaultAccess !== "exclude"
              ? "Skipped as NotEffectivelyEntitled"
              : `${count(counts.assigned - counts.entitled)} skipped as NotEffectivelyEntitled`,
        },
        {
          id: "include",
          label: "Treat Default Access like any role",
          detail: "How the provisioning service has behaved since July 2020",
        },
      ],
      rules.defaultAccess,
      disabled || rules.mode === "all",
      (value) => store.edit({ kind: "set", path: ["scope", "defaultAccess"], value }),
    )}
  </div>`;
}

/** Who is evaluated by a live job: the service keeps this apart from the filters, and changes it at once. */
export function liveScopeMode(store: Store, mode: Rules["mode"]): TemplateResult {
  return html`<div class="row">
    ${icon("organization")}
    <span
      >${mode === "all" ? "All users and groups are evaluated." : "Only assigned users and groups are evaluated."}</span
    >
    <button type="button" class="link" @click=${() => store.post({ kind: "run", action: "setScope" })}>Change…</button>
  </div>`;
}

import "@vscode-elements/elements/dist/vscode-button/index.js";
import { html, nothing, type TemplateResult } from "lit";
import type { ToHost } from "../../extension/jobEditor/messages.ts";
import type { Snapshot } from "../../extension/jobEditor/messages/job.ts";
import type { JobStatus } from "../../extension/jobEditor/messages/previews.ts";
import { displayText } from "../../extension/platform/text.ts";
import { icon } from "../common/icon.ts";
import type { Store } from "./store.ts";

type Action = Extract<ToHost, { kind: "run" }>["action"];

const marks: Readonly<Record<JobStatus["state"], readonly [icon: string, tone: string]>> = {
  broken: ["error", "tone-error"],
  disabled: ["circle-slash", "tone-error"],
  quarantined: ["error", "tone-error"],
  held: ["debug-pause", "tone-warning"],
  failing: ["warning", "tone-warning"],
  running: ["sync", ""],
  elsewhere: ["vm-connect", ""],
  on: ["pass", "tone-passed"],
  off: ["circle-large-outline", ""],
};

/** The head of the editor: which job, what it does now, and what can be done with it as a whole. */
export function editorHead(store: Store, snapshot: Snapshot): TemplateResult {
  const { job, fileName, connection, edited, locked, live } = snapshot;
  const { status } = store.state;
  const run = (action: Action) => () => store.post({ kind: "run", action });
  const isBroken = job === null || !store.isEditable;
  return html`<header class="head">
    ${live ? icon("azure", "Live at Microsoft Entra") : nothing}
    <h1 class="clip">${job === null ? fileName : displayText(job.name)}</h1>
    ${connection?.production === true ? html`<span class="chip">${icon("lock")} Production</span>` : nothing}
    ${job?.connection.readOnly === true ? html`<span class="chip">${icon("eye")} Read-only</span>` : nothing}
    ${status === undefined ? nothing : statusLine(status, run("showLog"))}
    ${edited.length > 0 ? html`<span class="second clip">${editedText(snapshot)}</span>` : nothing}
    <span class="spacer"></span>
    ${
      status === undefined
        ? nothing
        : html`<vscode-button
            secondary
            ?disabled=${locked !== undefined || (!status.on && (isBroken || edited.length > 0))}
            title=${turnTitle(status.on, edited.length > 0)}
            @click=${run(status.on ? "turnOff" : "turnOn")}
            >${icon(status.on ? "debug-stop" : "play")}&nbsp;${status.on ? "Turn off" : "Turn on"}</vscode-button
          >`
    }
    ${
      live
        ? liveButtons(isBroken, edited.length > 0, run)
        : html`<vscode-button
            secondary
            ?disabled=${isBroken}
            title="Shows what this job would change. Nothing is sent."
            @click=${run("preview")}
            >${icon("list-tree")}&nbsp;Preview provisioning</vscode-button
          >`
    }
    <button
      type="button"
      class="icon-button"
      aria-label="Open as text"
      title="Open as text"
      @click=${run("openAsText")}
    >
      ${icon("go-to-file")}
    </button>
  </header>`;
}

/** What is done with the mappings of a live job: nothing reaches the service but by writing. */
function liveButtons(isBroken: boolean, isEdited: boolean, run: (action: Action) => () => void): TemplateResult {
  return html`<vscode-button
      secondary
      ?disabled=${isBroken}
      title="Shows what the service's next cycle would change, with this edit or without. Nothing is sent."
      @click=${run("preview")}
      >${icon("list-tree")}&nbsp;Preview next cycle</vscode-button
    >
    <vscode-button
      secondary
      ?disabled=${!isEdited}
      title="Shows what the service has beside this edit. Nothing is sent."
      @click=${run("review")}
      >${icon("diff")}&nbsp;Review</vscode-button
    >
    <vscode-button
      ?disabled=${isBroken || !isEdited}
      title="Shows the edit and the request, and asks before it is sent."
      @click=${run("write")}
      >${icon("cloud-upload")}&nbsp;Write…</vscode-button
    >`;
}

/** What edited parts are not yet: in the file, or at the provisioning service. */
export const editedText = ({ live }: Snapshot): string => (live ? "Edited, not written" : "Edited, not saved");

/** The state of the job in words, and its last and next cycle. It opens the log. */
function statusLine({ state, text, detail }: JobStatus, showLog: () => void): TemplateResult {
  const [mark, tone] = marks[state];
  return html`<button
    type="button"
    class="job-status"
    title=${detail === "" ? "Show the provisioning log" : detail}
    @click=${showLog}
  >
    <span class=${tone}>${icon(mark)}</span> <span class="clip figures" aria-live="polite">${text}</span>
  </button>`;
}

function turnTitle(isOn: boolean, isEdited: boolean): string {
  if (isOn) return "No further cycle begins; one that runs stops after the requests in flight.";
  return isEdited
    ? "Save the file first: cycles run what is saved."
    : "A cycle begins on the interval while VS Code is open. You are asked first.";
}

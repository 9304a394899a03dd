import { html, type TemplateResult } from "lit";
import type { CardPage } from "../../extension/explain/messages.ts";
import { icon } from "../common/icon.ts";

type Attribute = CardPage["attributes"][number];

const states: Readonly<Record<Attribute["state"], readonly [icon: string, words: string]>> = {
  same: ["check", "Same"],
  willChange: ["diff-modified", "Will change"],
  accepted: ["pinned", "Accepted as it is"],
  cannotChange: ["warning", "Cannot change"],
  onlyDuringCreation: ["dash", "Only during creation"],
  noValue: ["circle-slash", "No value, left alone"],
  failed: ["error", "Mapping failed"],
};

/** What the directory has, what the mapping makes of it, and what the target has. */
export function attributeTable(attributes: readonly Attribute[]): TemplateResult {
  const changes = attributes.filter(({ state }) => state === "willChange").length;
  return html`<section>
    <h2>Attributes <span class="faint">${changes === 0 ? "nothing will change" : `${changes} will change`}</span></h2>
    <table>
      <thead>
        <tr>
          <th>Attribute</th>
          <th>Directory</th>
          <th>Mapped value</th>
          <th>Target</th>
          <th>State</th>
        </tr>
      </thead>
      <tbody>
        ${attributes.map(({ path, source, mapped, target, state }) => {
          const [mark, words] = states[state];
          const change = state === "willChange";
          return html`<tr>
            <th scope="row" class="code" title=${path}>${path}</th>
            <td title=${source}>${source}</td>
            <td title=${mapped ?? ""}>
              ${mapped === null ? html`<span class="faint">no value</span>` : html`<span class=${change ? "added" : ""}>${mapped}</span>`}
            </td>
            <td title=${target ?? ""}>
              ${target === null ? html`<span class="faint">not in the target</span>` : html`<span class=${change ? "removed" : ""}>${target}</span>`}
            </td>
            <td><span class=${state}>${icon(mark)}</span> ${words}</td>
          </tr>`;
        })}
      </tbody>
    </table>
  </section>`;
}

/** The groups that hold the person, on either side. */
export function groupTable(groups: CardPage["groups"]): TemplateResult {
  const state = ({
    inDirectory,
    inTarget,
    provisioned,
  }: CardPage["groups"][number]): readonly [string, string, string] => {
    if (inDirectory && inTarget) return ["check", "same", "Same"];
    if (!provisioned) return ["dash", "", inTarget ? "Not managed by this job" : "The group is not provisioned"];
    return ["diff-modified", "willChange", inDirectory ? "Only in the directory" : "Only in the target"];
  };
  return html`<section>
    <h2>Groups</h2>
    <table>
      <thead>
        <tr>
          <th>Group</th>
          <th>Directory</th>
          <th>Target</th>
          <th>State</th>
        </tr>
      </thead>
      <tbody>
        ${groups.map((group) => {
          const [mark, kind, words] = state(group);
          return html`<tr>
            <th scope="row" title=${group.name}>${group.name}</th>
            <td class=${group.inDirectory ? "" : "faint"}>${group.inDirectory ? "Member" : "not a member"}</td>
            <td class=${group.inTarget ? "" : "faint"}>${group.inTarget ? "Member" : "not a member"}</td>
            <td><span class=${kind}>${icon(mark)}</span> ${words}</td>
          </tr>`;
        })}
      </tbody>
    </table>
  </section>`;
}

const operationMarks = { success: "pass", failure: "error", skipped: "circle-slash", warning: "warning" } as const;

/** What the log says of the person, newest first. */
export function operationList(operations: CardPage["operations"], openLog: () => void): TemplateResult {
  return html`<section>
    <div class="line">
      <h2>Last operations</h2>
      <button class="link" @click=${openLog}>Open log</button>
    </div>
    ${
      operations.length === 0
        ? html`<p class="faint">The log has none.</p>`
        : html`<ul class="operations">
            ${operations.map(
              ({ title, detail, time, status }) =>
                html`<li>
                  <span class=${status}>${icon(operationMarks[status])}</span>
                  <span>${title}</span><span class="faint small figures">${time}</span>
                  <span class="faint small detail" title=${detail}>${detail}</span>
                </li>`,
            )}
          </ul>`
    }
  </section>`;
}

/** Announces changes to screen readers politely, at most one a second, the latest one winning. */
export class Announcer {
  readonly #region: HTMLElement;
  #waiting: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(parent: HTMLElement) {
    this.#region = document.createElement("div");
    this.#region.className = "sr-only";
    this.#region.setAttribute("role", "status");
    this.#region.setAttribute("aria-live", "polite");
    parent.append(this.#region);
  }

  say(text: string): void {
    if (this.#timer !== undefined) {
      this.#waiting = text;
      return;
    }
    if (this.#region.textContent === text) return;
    this.#region.textContent = text;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const next = this.#waiting;
      this.#waiting = undefined;
      if (next !== undefined) this.say(next);
    }, 1000);
  }
}

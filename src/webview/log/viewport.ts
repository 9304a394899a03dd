/** Height of every line of the table, in pixels. */
export const lineHeight = 24;

/** Browsers draw nothing taller; a longer table scrolls in proportion. */
const tallest = 15_000_000;

/** Which lines of a long table are in sight, and how tall it stands. */
export class Viewport {
  readonly #lines: number;
  readonly #height: number;
  readonly #top: number;

  /**
   * @param lines of the whole table
   * @param height of the part in sight, in pixels
   * @param top how far it is scrolled, in pixels
   */
  constructor(lines: number, height: number, top: number) {
    this.#lines = lines;
    this.#height = height;
    this.#top = top;
  }

  /** The height that the whole table takes. */
  get space(): number {
    return Math.min(tallest, this.#lines * lineHeight);
  }

  /** The line on top. */
  get first(): number {
    if (this.#isExact) return Math.max(0, Math.min(Math.floor(this.#top / lineHeight), this.#lines - 1));
    const last = Math.max(0, this.#lines - Math.floor(this.#height / lineHeight));
    return Math.round((this.#top / Math.max(1, this.space - this.#height)) * last);
  }

  /** The lines to draw. */
  get shown(): readonly number[] {
    const count = Math.min(this.#lines - this.first, Math.ceil(this.#height / lineHeight) + 2);
    return Array.from({ length: Math.max(0, count) }, (_, at) => this.first + at);
  }

  /** Where the first of them stands. */
  get offset(): number {
    return this.#isExact ? this.first * lineHeight : this.#top;
  }

  /** How far to scroll to bring a line into sight; undefined when it is. */
  scrollTo(line: number): number | undefined {
    const inSight = Math.floor(this.#height / lineHeight);
    if (line <= this.first) return this.#topOf(line, inSight);
    return line >= this.first + inSight ? this.#topOf(line - inSight + 1, inSight) : undefined;
  }

  get #isExact(): boolean {
    return this.space === this.#lines * lineHeight;
  }

  #topOf(line: number, inSight: number): number {
    if (this.#isExact) return line * lineHeight;
    return (line / Math.max(1, this.#lines - inSight)) * (this.space - this.#height);
  }
}

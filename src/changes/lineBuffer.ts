const startSize = 64 * 1024;

/** Lines on their way to a file, as bytes: each is encoded once, for its hash and for the file. */
export class LineBuffer {
  #bytes = Buffer.allocUnsafe(startSize);
  #filled = 0;

  /** Bytes that wait. */
  get length(): number {
    return this.#filled;
  }

  /** Adds a line and its line feed. @returns the bytes of the line, good until the next call */
  add(line: string): Buffer {
    // A character of a JavaScript text takes three bytes at most.
    this.#reserve(line.length * 3 + 1);
    const start = this.#filled;
    const end = start + this.#bytes.write(line, start);
    this.#bytes[end] = 0x0a;
    this.#filled = end + 1;
    return this.#bytes.subarray(start, end);
  }

  /** Gives what waits and begins anew. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#filled);
    this.#bytes = Buffer.allocUnsafe(startSize);
    this.#filled = 0;
    return taken;
  }

  #reserve(more: number): void {
    const needed = this.#filled + more;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#filled);
    this.#bytes = larger;
  }
}

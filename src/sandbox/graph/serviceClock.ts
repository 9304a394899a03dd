/** The time of the provisioning service: runs faster than the wall's by a factor, and can be pushed on. */
export class ServiceClock {
  readonly speed: number;
  readonly #wall: () => number;
  #from: number;
  #base: number;

  /** @param speed how many seconds of the service one second of the wall is; 0 stands still but for {@link advance} */
  constructor(speed: number, start: number, wall: () => number = Date.now) {
    this.speed = speed;
    this.#wall = wall;
    this.#from = wall();
    this.#base = start;
  }

  now(): Date {
    return new Date(this.#base + (this.#wall() - this.#from) * this.speed);
  }

  /** Lets time pass at once. */
  advance(ms: number): void {
    this.#base = this.now().getTime() + ms;
    this.#from = this.#wall();
  }
}

/** 100 ns units between 1601-01-01 (Active Directory file time) and 1970-01-01, both UTC. */
const fileTimeOfUnixEpoch = 116_444_736_000_000_000n;
const ticksPerMillisecond = 10_000n;
const earliest = Date.parse("0001-01-01T00:00:00Z");
const latest = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** How a .NET DateTime knows its zone; it decides what the format specifiers `K` and `z` write. */
export type DateTimeKind = "utc" | "local" | "unspecified";

/**
 * A point in time as .NET's DateTime keeps it: 100 ns resolution, years 1 to 9999. The provisioning service runs in UTC,
 * so local time is UTC.
 */
export class DateTime {
  /** Milliseconds since 1970-01-01 UTC. */
  readonly milliseconds: number;
  /** 100 ns units beyond the millisecond, 0 to 9999. */
  readonly ticks: number;
  readonly kind: DateTimeKind;

  /** @throws RangeError outside the years 1 to 9999. */
  constructor(milliseconds: number, ticks = 0, kind: DateTimeKind = "utc") {
    if (!(milliseconds >= earliest && milliseconds <= latest)) throw new RangeError("outside the years 1 to 9999");
    this.milliseconds = milliseconds;
    this.ticks = ticks;
    this.kind = kind;
  }

  /** From an Active Directory file time. @throws RangeError outside the years 1 to 9999. */
  static fromFileTime(value: bigint): DateTime {
    const unix = value - fileTimeOfUnixEpoch;
    let ticks = unix % ticksPerMillisecond;
    if (ticks < 0n) ticks += ticksPerMillisecond;
    return new DateTime(Number((unix - ticks) / ticksPerMillisecond), Number(ticks));
  }

  toFileTime(): bigint {
    return BigInt(this.milliseconds) * ticksPerMillisecond + BigInt(this.ticks) + fileTimeOfUnixEpoch;
  }

  /** The calendar fields in UTC, through the standard Date. */
  get date(): Date {
    return new Date(this.milliseconds);
  }

  /** The text form of dates outside date functions: `M/d/yyyy h:mm:ss tt`. */
  toString(): string {
    const date = this.date;
    const two = (value: number) => String(value).padStart(2, "0");
    const hour = date.getUTCHours();
    const day = `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${String(date.getUTCFullYear()).padStart(4, "0")}`;
    const time = `${hour % 12 === 0 ? 12 : hour % 12}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
    return `${day} ${time} ${hour < 12 ? "AM" : "PM"}`;
  }
}

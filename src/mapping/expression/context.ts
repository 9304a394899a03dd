import type { SourceValue } from "../../directory/source.ts";

/** One role of the user for this application. */
export interface AppRole {
  readonly value: string;
  readonly displayName: string;
}

/** Attributes of one directory object by their directory names; absent and null are the same. */
export type Attributes = Readonly<Record<string, SourceValue | null | undefined>>;

/** What an expression may ask of its surroundings. Everything has a default, so `{}` is a context. */
export interface EvaluationContext {
  /** The current time for Now(); the machine's clock by default. */
  readonly now?: () => Date;
  /** A number in [0, 1) for Guid() and RandomString(); cryptographically random by default. */
  readonly random?: () => number;
  /** Whether a value is already used at the target, for SelectUniqueValue(); nothing is taken by default. */
  readonly isTaken?: (value: string) => boolean;
  /** The roles behind `[appRoleAssignments]`. */
  readonly appRoleAssignments?: readonly AppRole[];
  /** The computed attribute `[IsSoftDeleted]`; without it the object's own attribute of that name counts. */
  readonly isSoftDeleted?: boolean;
  /** Told where the service's behaviour is not documented, for example a text function over several values. */
  readonly warn?: (warning: EvaluationWarning) => void;
}

export interface EvaluationWarning {
  readonly message: string;
  readonly position: number;
  readonly length: number;
}

import * as z from "zod";

/** Set on an object of a delta round that is no longer there: `changed` can be restored, `deleted` cannot. */
const removed = z.object({ reason: z.string() });

/** A reference to another object. */
const reference = z.looseObject({
  id: z.string(),
  "@odata.type": z.string().optional(),
  "@removed": removed.optional(),
});

/** A user of a delta round; properties are those of its $select, only the changed ones where the service sends no others. */
export const deltaUser = z.looseObject({
  id: z.string().min(1),
  "@removed": removed.optional(),
  "manager@delta": z.array(reference).optional(),
  manager: reference.nullish(),
});
export type DeltaUser = z.output<typeof deltaUser>;

/** A group of a delta round with the members that came or went. */
export const deltaGroup = z.looseObject({
  id: z.string().min(1),
  "@removed": removed.optional(),
  "members@delta": z.array(reference).optional(),
});
export type DeltaGroup = z.output<typeof deltaGroup>;

export const directoryObject = z.looseObject({
  id: z.string(),
  "@odata.type": z.string().optional(),
  displayName: z.string().nullish(),
  userPrincipalName: z.string().nullish(),
});
export type DirectoryObject = z.output<typeof directoryObject>;

export const organization = z.looseObject({ id: z.string(), displayName: z.string().nullish() });

import type { ScimClient } from "../scim/client.ts";

/** What a push needs of the client. */
export type ChangeClient = Pick<ScimClient, "send" | "get" | "findByAttribute">;

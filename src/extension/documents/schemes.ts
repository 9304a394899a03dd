/** The file systems of documents, at one address: as it is to be, as the service stored it. */
export const schemes = { pending: "scim", stored: "scim-base" } as const;

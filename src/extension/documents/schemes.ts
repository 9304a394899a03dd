/** The file systems of documents, at one address: as it is to be, as the service stored it. */
export interface Schemes {
  readonly pending: string;
  readonly stored: string;
}

/** Users and groups of a SCIM service. */
export const schemes = { pending: "scim", stored: "scim-base" } as const satisfies Schemes;

/** Schemas of provisioning jobs at Microsoft Entra. */
export const schemaSchemes = { pending: "scim-entra", stored: "scim-entra-base" } as const satisfies Schemes;

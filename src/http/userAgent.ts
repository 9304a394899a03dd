import manifest from "../../package.json" with { type: "json" };

/** How this product names itself to services; some refuse requests without a User-Agent. */
export const userAgent = `scim-provisioning/${manifest.version}`;

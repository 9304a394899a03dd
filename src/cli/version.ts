import manifest from "../../package.json" with { type: "json" };

/** Version of this product, as the package names it. */
export const version: string = manifest.version;

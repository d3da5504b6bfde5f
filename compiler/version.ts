import packageJson from "../package.json" with { type: "json" };

/** The version of hmc. */
export function version(): string {
  return packageJson.version;
}

/** The bill of materials of an image, in the format CycloneDX 1.5 (https://cyclonedx.org/docs/1.5/json/). The same image gives the same bytes. */
import type { NpmPackage } from "../npm-packages.ts";

export interface Subject {
  /** The image. */
  name: string;
  /** The version of hmc, the tool that made it. */
  toolVersion: string;
}

/** The document, as JSON text. It has neither a time nor a serial number. */
export function sbom({ name, toolVersion }: Subject, packages: readonly NpmPackage[]): string {
  const document = {
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: {
      tools: { components: [{ type: "application", name: "hmc", version: toolVersion }] },
      component: { type: "container", "bom-ref": name, name },
    },
    components: packages.map((one) => ({
      type: "library",
      "bom-ref": purl(one),
      ...nameOf(one.name),
      version: one.version,
      scope: "required",
      ...(one.license === undefined ? {} : { licenses: [licenseOf(one.license)] }),
      purl: purl(one),
    })),
    dependencies: [{ ref: name, dependsOn: packages.map(purl) }],
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function nameOf(name: string): { group?: string; name: string } {
  const [scope, own] = name.split("/");
  return own === undefined ? { name } : { group: scope ?? "", name: own };
}

/** https://github.com/package-url/purl-spec: the `@` of a scope is encoded. */
function purl({ name, version }: NpmPackage): string {
  return `pkg:npm/${name.replace(/^@/, "%40")}@${version}`;
}

/** A simple identifier may be one of SPDX; whatever else a package says is an expression or a name. */
function licenseOf(license: string): { expression: string } | { license: { name: string } } {
  return /^[\w.+-]+(?:\s+(?:AND|OR|WITH)\s+[\w.+-]+)*$|^\(.*\)$/.test(license) && !license.startsWith("SEE ") ? { expression: license } : { license: { name: license } };
}

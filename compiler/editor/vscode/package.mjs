/**
 * Packages the extension: `node compiler/editor/vscode/package.mjs [folder]` writes `hmc-vscode-<version>.vsix` (default: `dist/vscode`).
 *
 * A .vsix is a ZIP: a manifest in XML beside the folder `extension`. The same sources give the same bytes.
 */
import { build } from "esbuild";
import { strToU8, zipSync } from "fflate";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../../..");
const manifest = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));

async function bundled(entry, options) {
  const { outputFiles } = await build({ entryPoints: [join(here, entry)], bundle: true, write: false, minify: true, legalComments: "none", logLevel: "silent", ...options });
  return outputFiles[0].text;
}

const escaped = (text) => text.replace(/[&<>"]/g, (character) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[character]);

const vsixManifest = `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id="${manifest.name}" Version="${manifest.version}" Publisher="${manifest.publisher}"/>
    <DisplayName>${escaped(manifest.displayName)}</DisplayName>
    <Description xml:space="preserve">${escaped(manifest.description)}</Description>
    <Categories>${manifest.categories.map(escaped).join(",")}</Categories>
    <License>extension/LICENSE.txt</License>
    <Properties>
      <Property Id="Microsoft.VisualStudio.Code.Engine" Value="${escaped(manifest.engines.vscode)}"/>
      <Property Id="Microsoft.VisualStudio.Code.ExtensionKind" Value="workspace"/>
    </Properties>
  </Metadata>
  <Installation><InstallationTarget Id="Microsoft.VisualStudio.Code"/></Installation>
  <Dependencies/>
  <Assets>
    <Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Content.License" Path="extension/LICENSE.txt" Addressable="true"/>
  </Assets>
</PackageManifest>
`;

const contentTypes = `<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension=".json" ContentType="application/json"/><Default Extension=".vsixmanifest" ContentType="text/xml"/><Default Extension=".cjs" ContentType="application/javascript"/><Default Extension=".js" ContentType="application/javascript"/><Default Extension=".txt" ContentType="text/plain"/></Types>
`;

// Of the sources: the bundle is CommonJS.
delete manifest.type;
delete manifest.private;

const files = {
  "[Content_Types].xml": contentTypes,
  "extension.vsixmanifest": vsixManifest,
  "extension/package.json": `${JSON.stringify(manifest, undefined, 2)}\n`,
  "extension/LICENSE.txt": readFileSync(join(root, "LICENSE"), "utf8"),
  "extension/extension.cjs": await bundled("extension.ts", { platform: "node", format: "cjs", target: "node20", external: ["vscode"] }),
  "extension/panel.js": await bundled("panel.ts", { platform: "browser", format: "iife", target: "chrome120" }),
};
for (const { url } of [...manifest.contributes.yamlValidation, ...manifest.contributes.jsonValidation]) files[`extension/${url.replace("./", "")}`] = readFileSync(join(root, url), "utf8");
const folder = resolve(process.argv[2] ?? join(root, "dist/vscode"));
const target = join(folder, `${manifest.name}-${manifest.version}.vsix`);
mkdirSync(folder, { recursive: true });
writeFileSync(target, zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])), { level: 9, mtime: new Date(1980, 0, 1) }));
console.log(target);

/** The packaged extension: what VS Code looks for is there, every command is declared and carried out, and the same sources give the same bytes. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { strFromU8, unzipSync } from "fflate";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { folderWith } from "../cli/hmc.ts";
import { root } from "../folders.ts";

interface SchemaOfFile {
  fileMatch: string;
  url: string;
}

interface Manifest {
  main: string;
  engines: { vscode: string };
  contributes: { commands: { command: string }[]; menus: { "editor/title": { command: string }[] }; configuration: { properties: Record<string, { default: unknown }> }; yamlValidation: SchemaOfFile[]; jsonValidation: SchemaOfFile[] };
}

function packaged(): Buffer {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "compiler/editor/vscode/package.mjs"), folderWith({})], { encoding: "utf8" });
  assert.is(status, 0, stderr);
  return readFileSync(stdout.trim());
}

test("the .vsix", () => {
  const bytes = packaged();
  assert.equal(packaged(), bytes);
  const files = unzipSync(bytes);
  assert.equal(Object.keys(files).sort(), ["[Content_Types].xml", "extension.vsixmanifest", "extension/LICENSE.txt", "extension/extension.cjs", "extension/package.json", "extension/panel.js", "extension/schemas/config.schema.json", "extension/schemas/model-reference.schema.json", "extension/schemas/run-manifest.schema.json"]);
  const textOf = (name: string): string => strFromU8(files[name] ?? new Uint8Array());
  const manifest = JSON.parse(textOf("extension/package.json")) as Manifest;
  assert.ok(join("extension", manifest.main) in files);
  const code = textOf("extension/extension.cjs");
  const commands = manifest.contributes.commands.map(({ command }) => command);
  for (const command of [...commands, ...manifest.contributes.menus["editor/title"].map((each) => each.command)]) {
    assert.ok(commands.includes(command), command);
    assert.ok(code.includes(`"${command}"`), `${command} is carried out`);
  }
  for (const setting of Object.keys(manifest.contributes.configuration.properties)) assert.ok(code.includes(`"${setting.replace("hmc.", "")}"`), `${setting} is read`);
  for (const { fileMatch, url } of [...manifest.contributes.yamlValidation, ...manifest.contributes.jsonValidation]) {
    const schema = JSON.parse(textOf(join("extension", url))) as { title: string };
    assert.ok(schema.title.length > 0, `${fileMatch} has a schema`);
  }
  const identity = textOf("extension.vsixmanifest");
  assert.match(identity, 'Id="hmc-vscode"');
  assert.match(identity, `Value="${manifest.engines.vscode}"`);
  for (const [, path = ""] of identity.matchAll(/Path="([^"]+)"/g)) assert.ok(path in files, path);
  assert.not.match(code, root);
});

/** A stand-in for the module "vscode": whatever is asked of it is there, and does nothing. It shows that the code of the extension can be loaded, not that it works. */
const loads = `
const anything = () => new Proxy(class {}, { get: (target, name) => (name === "prototype" ? target.prototype : name === Symbol.toPrimitive ? () => "" : anything()), apply: () => anything(), construct: () => ({}) });
const Module = require("node:module");
const load = Module._load;
Module._load = (name, ...more) => (name === "vscode" ? anything() : load(name, ...more));
const extension = require(process.argv[1]);
console.log(typeof extension.activate, typeof extension.deactivate);
`;

test("its code loads where there is a module \"vscode\"", () => {
  const folder = folderWith({});
  const file = join(folder, "extension.cjs");
  writeFileSync(file, unzipSync(packaged())["extension/extension.cjs"] ?? new Uint8Array());
  const { status, stdout, stderr } = spawnSync(process.execPath, ["-e", loads, file], { encoding: "utf8" });
  assert.is(status, 0, stderr);
  assert.is(stdout, "function function\n");
});

test.run();

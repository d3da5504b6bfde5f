/**
 * How long an editor waits for hmc, on a pipeline file of 500 lines after an edit of one number: `npm run bench:editor`.
 *
 * Quick: graph and rules, without a check of types. Whole: everything that `hmc check` says, beside what TypeScript alone needs to check the same edit again, in turns.
 * Plugin: what tsserver takes longer for its semantic diagnostics. Memory: of the language server over 5,000 edits. The exit code is 1 where a target is missed.
 */
import { join } from "node:path";
import ts from "typescript";
import { createService } from "../../compiler/editor/service.ts";
import { nodeHost } from "../../compiler/node-host.ts";
import { longPipeline } from "../editor/long-file.ts";
import { project, TsServer } from "../editor/tsserver.ts";

const rounds = 40;
const warmUps = 12;
const original = longPipeline(400);
const edited = (round: number): string => original.replace("depth: 200 }", `depth: ${1000 + round} }`);
if (edited(1) === original) throw new Error("the edit changes nothing");

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function timed<T>(act: () => T): { value: T; milliseconds: number } {
  const started = performance.now();
  const value = act();
  return { value, milliseconds: performance.now() - started };
}

let missed = 0;
function told(what: string, value: number, target: number, unit: string, more = ""): void {
  const isMet = value <= target;
  if (!isMet) missed++;
  console.log(`${what}: ${value.toFixed(unit === "" ? 2 : 1)}${unit} (target ≤ ${target}${unit})  ${isMet ? "met" : "MISSED"}${more}`);
}

const folder = project({ "pipeline.ts": original });
const path = join(folder, "pipeline.ts");
console.log(`\n${original.split("\n").length} lines`);

// TypeScript alone: a language service over the same file.
let current = { text: original, version: 0 };
const config = ts.getParsedCommandLineOfConfigFile(join(folder, "tsconfig.json"), {}, { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (found) => { throw new Error(String(found.messageText)); } });
if (config === undefined) throw new Error("no config");
const snapshots = new Map<string, ts.IScriptSnapshot>();
const languageService = ts.createLanguageService({
  getCompilationSettings: () => config.options,
  getScriptFileNames: () => [path],
  getScriptVersion: (file) => (file === path ? String(current.version) : "0"),
  getScriptSnapshot: (file) => {
    if (file === path) return ts.ScriptSnapshot.fromString(current.text);
    const known = snapshots.get(file);
    const text = known === undefined ? ts.sys.readFile(file) : undefined;
    if (text !== undefined) snapshots.set(file, ts.ScriptSnapshot.fromString(text));
    return snapshots.get(file);
  },
  getCurrentDirectory: () => folder,
  getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
  fileExists: ts.sys.fileExists,
  readFile: ts.sys.readFile,
  directoryExists: ts.sys.directoryExists,
  getDirectories: ts.sys.getDirectories,
  realpath: ts.sys.realpath as (path: string) => string,
});

const service = createService(nodeHost(), { settings: { targets: ["kfp"] }, failed: (error) => { throw error; } });
service.open(path, original, 0);
service.diagnostics(path, "whole");
const quick: number[] = [];
const whole: number[] = [];
const alone: number[] = [];
for (let round = 0; round < rounds + warmUps; round++) {
  const text = edited(round);
  const typescript = timed(() => {
    current = { text, version: round + 1 };
    return languageService.getSemanticDiagnostics(path);
  });
  if (typescript.value.length > 0) throw new Error(String(typescript.value[0]?.messageText));
  const first = timed(() => {
    service.change(path, text, round + 1);
    return service.diagnostics(path, "quick");
  });
  const second = timed(() => service.diagnostics(path, "whole"));
  if (round < warmUps) continue;
  alone.push(typescript.milliseconds);
  quick.push(first.milliseconds);
  whole.push(first.milliseconds + second.milliseconds);
}
told("quick findings after an edit, median", median(quick), 30, " ms");
told(`whole answer ${median(whole).toFixed(1)} ms, TypeScript's own re-check ${median(alone).toFixed(1)} ms`, median(whole) / median(alone), 1.15, "");

const bare = project({ "pipeline.ts": original }, undefined);
const servers = [new TsServer("6.0"), new TsServer("6.0")] as const;
const files = [join(bare, "pipeline.ts"), path] as const;
const times: [number[], number[]] = [[], []];
for (const index of [0, 1] as const) {
  servers[index].open(files[index]);
  await servers[index].semantic(files[index]);
}
const lines = original.split("\n");
const row = lines.findIndex((line) => line.includes("depth: 200 }"));
const at = (lines[row] ?? "").indexOf("depth: 200 }") + "depth: ".length + 1;
let width = 3;
for (let round = 0; round < rounds + warmUps; round++) {
  const insertString = String(1000 + round);
  for (const index of [0, 1] as const) {
    servers[index].notify("change", { file: files[index], line: row + 1, offset: at, endLine: row + 1, endOffset: at + width, insertString });
    const started = performance.now();
    await servers[index].semantic(files[index]);
    if (round >= warmUps) times[index].push(performance.now() - started);
  }
  width = insertString.length;
}
told(`plugin: semantic diagnostics with it ${median(times[1]).toFixed(1)} ms, without it ${median(times[0]).toFixed(1)} ms, more`, median(times[1]) - median(times[0]), 10, " ms");
for (const server of servers) await server.stop();

const heap = (): number => (global.gc?.(), process.memoryUsage().heapUsed / 1e6);
const count = Number(process.env["HMC_EDITS"] ?? 1000);
const before = heap();
for (let edit = 0; edit < count; edit++) {
  service.change(path, edited(edit + rounds + warmUps), edit + 1000);
  service.diagnostics(path, "quick");
}
const after = heap();
console.log(`heap ${before.toFixed(0)} MB, after ${count} edits more ${after.toFixed(0)} MB${global.gc === undefined ? " (without --expose-gc)" : ""}`);
if (global.gc !== undefined) told("growth", after / before, 1.2, "");
process.exitCode = missed === 0 ? 0 : 1;

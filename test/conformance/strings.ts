/**
 * Texts survive, whatever is in them: printed as TypeScript, compiled in both shapes, and loaded by KFP's SDK they are the same; and the
 * same again when the YAML that the SDK's library writes is read and imported.
 *
 * `HMC_FUZZ=5000` takes more of them, `HMC_SEED=7` others.
 */
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { importKfp } from "../../compiler/import.ts";
import { readKfp } from "../../compiler/importers/kfp/read.ts";
import { printTypeScript } from "../../compiler/importers/print/typescript.ts";
import type { Document, Json, Pipeline, TaskOptions } from "../../compiler/ir/types.ts";
import { emitKfp, kfpDefaults } from "../../compiler/targets/kfp/index.ts";
import { unescapeText } from "../../runtime/text.ts";
import { containerOf, documentOf, pipelineOf, span, taskOf } from "../importers/documents.ts";
import { compileFiles, hostWith } from "../importers/printed.ts";
import type { Checks } from "./checks.ts";
import { noPython, root, type Environment, type Shape } from "./environment.ts";
import { nastyTexts } from "./nasty-texts.ts";

/** How many texts stand in one pipeline. */
const batchSize = 60;
/** The most of them that the default shape may refuse, each with one of `refusals`. */
const mostRefused = 0.3;
const refusals = new Set(["HMC4015"]);

const folder = join(root, "test/importers/virtual");
const entry = join(folder, "pipeline.ts");
const op = `import { op } from "hmc";\nexport const take = op({ image: "example.com/tool:1.0" }, async (_input: { text: string; list: string[]; table: Record<string, string> }) => {});\n`;

export async function strings(checks: Checks, { python, work }: Environment): Promise<void> {
  const texts = nastyTexts(Number(process.env["HMC_FUZZ"] ?? 360), Number(process.env["HMC_SEED"] ?? 1));
  if (python === undefined) return checks.skip(`${texts.length} texts`, noPython);
  const place = join(work, "strings");
  mkdirSync(place, { recursive: true });
  const batches = Array.from({ length: Math.ceil(texts.length / batchSize) }, (_, index) => texts.slice(index * batchSize, (index + 1) * batchSize));
  const compiled = batches.flatMap((batch, index) => (["op", "container"] as const).map((taker) => compileBatch(batch, taker, join(place, `${index}-${taker}`))));
  const answers = await ask(python, compiled.flatMap(({ files }) => files.map(({ file }) => ({ ask: "load", file }))));
  const problems: Record<Shape, string[]> = { sdk: [], real: [] };
  const loaded: Json[] = [];
  let answer = 0;
  for (const { taker, files } of compiled) {
    for (const { shape, placed } of files) {
      const found = answers[answer++];
      if (found === undefined || "error" in found) problems[shape].push(`KFP's SDK: ${found?.error ?? "no answer"}`);
      else {
        problems[shape].push(...lostIn(found.ok, placed, taker, shape));
        if (shape === "sdk" && taker === "container") loaded.push((found.ok as Record<string, Json>)["spec"] ?? {});
      }
    }
  }
  checks.expectNone(`${texts.length} texts through TypeScript, the SDK's shape and KFP's loader`, problems.sdk.slice(0, 20));
  checks.expectNone(`${texts.length} texts through TypeScript, the default shape and KFP's loader`, problems.real.slice(0, 20));
  const refused = compiled.flatMap(({ taker, refused: found }) => (taker === "container" ? found : []));
  const share = refused.length / texts.length;
  const others = refused.filter(({ codes }) => codes.some((code) => !refusals.has(code))).map(({ text, codes }) => `${JSON.stringify(text)}: ${codes.join(", ")}`);
  checks.expectNone(`the default shape refuses ${(share * 100).toFixed(0)} % of them on the way to containers, for what the back end would make of them`, [...others, ...(share > mostRefused ? [`more than ${mostRefused * 100} %`] : [])]);
  checks.expectNone("lone surrogates are refused, or escaped", await loneSurrogates(python, place));
  await wayBack(checks, python, loaded, batches);
}

// ---------------------------------------------------------------------------------------------- there

/** Who gets the texts as parameters: an op decodes what was encoded for it, a container takes them as they are. */
type Taker = "op" | "container";

interface Batch {
  taker: Taker;
  files: { shape: Shape; file: string; placed: Map<number, string> }[];
  refused: { text: string; codes: string[] }[];
}

/** Prints and compiles; what the default shape refuses is left out of its file. */
function compileBatch(texts: readonly string[], taker: Taker, stem: string): Batch {
  const document = compiledFrom(documentOfTexts(texts, taker));
  const all = new Map(texts.entries());
  const sdk = emit(document, "sdk");
  writeFileSync(`${stem}.sdk.yaml`, sdk.yaml ?? "");
  const refused = new Map<number, string[]>();
  for (const index of all.keys()) {
    const codes = emit(only(document, (task) => task === index), "real").codes;
    if (codes.length > 0) refused.set(index, codes);
  }
  const real = emit(only(document, (task) => !refused.has(task)), "real");
  writeFileSync(`${stem}.real.yaml`, real.yaml ?? "");
  return {
    taker,
    files: [
      { shape: "sdk", file: `${stem}.sdk.yaml`, placed: all },
      { shape: "real", file: `${stem}.real.yaml`, placed: new Map([...all].filter(([index]) => !refused.has(index))) },
    ],
    refused: [...refused].map(([index, codes]) => ({ text: texts[index] ?? "", codes })),
  };
}

/** Each text in every place: the defaults and descriptions of inputs, constants of a task, a container with all it has. */
function documentOfTexts(texts: readonly string[], taker: Taker): Document {
  const text = { kind: "string" } as const;
  const list = { kind: "list", items: text } as const;
  const containers = texts.map((value, index) =>
    containerOf(`use-${index}`, { name: `use${index}`, description: value, command: [{ kind: "text", parts: [value] }], args: [{ kind: "text", parts: [value] }, { kind: "text", parts: ["--x=", value, ";"].filter((part) => part !== "") }], env: { TEXT: value } }),
  );
  for (const container of containers) for (const argument of container.args) if (argument.kind === "text") argument.parts = [argument.parts.join("")];
  const tasks = texts.flatMap((value, index) => {
    const options: TaskOptions = { labels: { label: value }, annotations: { note: value }, displayName: `Text ${index}`, env: { TEXT: { kind: "literal", value } } };
    const inputs = {
      text: { kind: "constant", value, type: text } as const,
      list: { kind: "constant", value: [value, `${value}x`] as Json[], type: list } as const,
      table: { kind: "constant", value: tableOf(value), type: { kind: "struct", properties: { }, additional: text } } as const,
    };
    return [taskOf(index === 0 ? "take" : `take-${index + 1}`, "take", inputs, { options }), taskOf(`use-${index}`, `use-${index}`, {}, { options: { labels: { label: value }, annotations: { note: value } } })];
  });
  const pipeline: Pipeline = pipelineOf("texts", tasks, { description: texts[0] ?? "" });
  for (const [index, value] of texts.entries()) {
    pipeline.inputs[`text${index}`] = { type: text, optional: true, default: value, description: value, span };
    pipeline.inputs[`list${index}`] = { type: list, optional: true, default: [value], span };
  }
  const document = documentOf(containers, [pipeline]);
  const container = containerOf("take", { inputs: { text, list, table: { kind: "struct", properties: {}, additional: text } }, command: [{ kind: "text", parts: ["take"] }] });
  const { command: _, args: __, env: ___, ...rest } = container;
  document.components["take"] = taker === "container" ? container : { ...rest, kind: "op", implementation: { module: "test/importers/virtual/ops.ts", export: "take" } };
  return document;
}

function compiledFrom(document: Document): Document {
  return compileFiles(entry, { [join(folder, "package.json")]: "{}", [join(folder, "ops.ts")]: op, [entry]: printTypeScript(document) });
}

/** The document with the tasks and inputs of some texts. */
function only(document: Document, isKept: (index: number) => boolean): Document {
  const pipeline = document.pipelines["texts"] as Pipeline;
  const indexOf = (id: string): number => (id === "take" ? 0 : id.startsWith("take-") ? Number(id.slice(5)) - 1 : Number(/\d+$/.exec(id)?.[0]));
  const nodes = pipeline.body.nodes.filter((node) => isKept(indexOf(node.id)));
  const inputs = Object.fromEntries(Object.entries(pipeline.inputs).filter(([name]) => isKept(indexOf(name))));
  return { ...document, pipelines: { texts: { ...pipeline, inputs, body: { nodes } } } };
}

function emit(document: Document, shape: Shape): { yaml: string | undefined; codes: string[] } {
  const { yaml, diagnostics } = emitKfp(document, "texts", { ...kfpDefaults, entrypoint: [...kfpDefaults.entrypoint], shape, toolVersion: "0" });
  return { yaml, codes: diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => code) };
}

type Tree = Record<string, Json>;

function at(value: Json | undefined, ...path: (string | number)[]): Json | undefined {
  return path.reduce<Json | undefined>((found, key) => (typeof found === "object" && found !== null ? (found as Tree)[key] : undefined), value);
}

/** Places in which a text is not what it was. */
function lostIn(loaded: Json, placed: ReadonlyMap<number, string>, taker: Taker, shape: Shape): string[] {
  const lost: string[] = [];
  const spec = at(loaded, "spec");
  const tasks = at(spec, "root", "dag", "tasks");
  const definitions = at(spec, "root", "inputDefinitions", "parameters");
  const executor = (task: string): string => String(at(spec, "components", String(at(tasks, task, "componentRef", "name")), "executorLabel"));
  const decode = (value: Json | undefined): Json | undefined => (taker === "container" ? value : decoded(value));
  for (const [index, text] of placed) {
    const expect = (where: string, found: Json | undefined, expected: Json): void => {
      if (!isDeepStrictEqual(found, expected)) lost.push(`${JSON.stringify(text).slice(0, 200)} as ${where}: ${JSON.stringify(found)?.slice(0, 200)}`);
    };
    const take = index === 0 ? "take" : `take-${index + 1}`;
    const constant = (name: string): Json | undefined => decode(at(tasks, take, "inputs", "parameters", name, "runtimeValue", "constant"));
    expect("a constant", constant("text"), text);
    expect("members of a list", constant("list"), [text, `${text}x`]);
    expect("a key and its value", constant("table"), tableOf(text));
    const byDefault = (name: string): Json | undefined => (shape === "sdk" ? (value: Json | undefined) => value : decode)(at(definitions, `${name}${index}`, "defaultValue"));
    expect("a default", byDefault("text"), text);
    expect("a default in a list", byDefault("list"), [text]);
    expect("a description", words(String(at(definitions, `text${index}`, "description") ?? "")), words(text));
    const container = at(spec, "deploymentSpec", "executors", executor(`use-${index}`), "container");
    expect("the command", at(container, "command"), [text]);
    expect("arguments", at(container, "args"), [text, `--x=${text};`]);
    for (const [task, where] of [[take, "of an op"], [`use-${index}`, "of a container"]] as const) {
      const label = executor(task);
      const env = at(spec, "deploymentSpec", "executors", label, "container", "env");
      expect(`the environment ${where}`, Array.isArray(env) ? at(env.find((variable) => at(variable, "name") === "TEXT"), "value") ?? "" : undefined, text);
      const metadata = at(loaded, "platform", "platforms", "kubernetes", "deploymentSpec", "executors", label, "podMetadata");
      expect(`a label ${where}`, at(metadata, "labels", "label"), text);
      expect(`an annotation ${where}`, at(metadata, "annotations", "note"), text);
    }
  }
  return lost;
}

/** Objects of TypeScript have no property of their own that is called `__proto__`. */
function tableOf(text: string): Record<string, Json> {
  return { [text === "__proto__" ? "proto" : text]: text };
}

/** A description is a comment, in which blanks at the ends of lines do not count. */
function words(text: string): string {
  return text.split(/[\s\u0085\u200b\ufeff]+/).filter((word) => word !== "").join(" ");
}

function decoded(value: Json | undefined): Json | undefined {
  if (typeof value === "string") return unescapeText(value);
  if (Array.isArray(value)) return value.map((item) => decoded(item) ?? null);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [unescapeText(key), decoded(inner) ?? null]));
}

/** Texts that are no Unicode: nothing of KFP can hold them. The default shape refuses them itself, KFP's loader those of the other. */
async function loneSurrogates(python: string, place: string): Promise<string[]> {
  const texts = ["\ud800", "a\udc00b", "\udc00\ud800"];
  const documents = texts.map((text) => compiledFrom(documentOfTexts([text], "container")));
  const taken = documents.flatMap((document, index) => (emit(document, "real").yaml === undefined ? [] : [`${JSON.stringify(texts[index])} in the default shape`]));
  const files = documents.map((document, index) => {
    const file = join(place, `surrogate-${index}.yaml`);
    writeFileSync(file, emit(document, "sdk").yaml ?? "");
    return file;
  });
  const answers = await ask(python, files.map((file) => ({ ask: "load", file })));
  return [...taken, ...answers.flatMap((answer, index) => ("error" in answer ? [] : [`${JSON.stringify(texts[index])} in the SDK's shape`]))];
}

// ---------------------------------------------------------------------------------------------- and back

/** PyYAML's text of what was loaded is read to the same values, and imported to code that says the same. */
async function wayBack(checks: Checks, python: string, loaded: readonly Json[], batches: readonly (readonly string[])[]): Promise<void> {
  const styles = [{ unicode: false, style: null }, { unicode: true, style: null }, { unicode: true, style: '"' }, { unicode: false, style: "'" }, { unicode: true, style: "|" }];
  // As they stand, PyYAML takes these for ends of lines. Our reader refuses them, and KFP's compiler writes them as escapes.
  const plain = <T extends Json>(value: T, unicode: boolean): T => (unicode ? (JSON.parse(JSON.stringify(value).replace(/[\u0085\u2028\u2029]/g, "x")) as T) : value);
  const asked = loaded.flatMap((spec) => styles.map((style) => ({ ask: "dump", spec: plain(spec, style.unicode), ...style })));
  const answers = await ask(python, asked);
  const read: string[] = [];
  const imported: string[] = [];
  for (const [index, { style, unicode }] of asked.entries()) {
    const answer = answers[index];
    if (answer === undefined || "error" in answer) {
      read.push(`PyYAML: ${answer?.error ?? "no answer"}`);
      continue;
    }
    const { file, diagnostics } = readKfp(String(answer.ok), "x.yaml");
    const placed = new Map(plain([...(batches[Math.floor(index / styles.length)] ?? [])], unicode).entries());
    if (file === undefined) read.push(...diagnostics.map(({ code, message }) => `${code} ${message} (style ${style ?? "plain"})`));
    else read.push(...constantsLost(JSON.parse(JSON.stringify(file.spec)) as Json, placed));
    if (style !== null || unicode) continue;
    const { typescript, differences, diagnostics: reports } = importKfp(hostWith({ [join(folder, "package.json")]: "{}" }), String(answer.ok), "x.yaml", join(folder, "imported.ts"));
    if (typescript === undefined || differences.length > 0 || reports.length > 0) imported.push(...reports.map(({ code, message }) => `${code} ${message}`.slice(0, 300)));
  }
  const count = batches.flat().length;
  checks.expectNone(`${count} texts as PyYAML writes them in ${styles.length} styles, read`, [...new Set(read)].slice(0, 20));
  checks.expectNone(`${count} texts imported, printed and compiled again`, imported.slice(0, 20));
}

function constantsLost(spec: Json, placed: ReadonlyMap<number, string>): string[] {
  return [...placed].flatMap(([index, text]) => {
    const inputs = at(spec, "root", "dag", "tasks", index === 0 ? "take" : `take-${index + 1}`, "inputs", "parameters");
    const table = at(inputs, "table", "runtimeValue", "constant");
    return at(inputs, "text", "runtimeValue", "constant") === text && isDeepStrictEqual(table, tableOf(text)) ? [] : [`${JSON.stringify(text)}: ${JSON.stringify(at(inputs, "text"))}`];
  });
}

type Answer = { ok: Json } | { error: string };

/** Answers of `strings.py`, in order. */
function ask(python: string, questions: readonly Json[]): Promise<Answer[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(python, [join(root, "test/conformance/strings.py")], { stdio: ["pipe", "pipe", "inherit"] });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.on("error", reject);
    child.on("close", () => resolve(output.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as Answer)));
    for (const question of questions) child.stdin.write(`${JSON.stringify(question)}\n`);
    child.stdin.end();
  });
}

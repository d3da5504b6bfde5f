/** Protobuf's messages: seeded mistakes in valid files are refused exactly where protobuf refuses them, and what is read means the same. */
import assert from "node:assert/strict";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import type { Field, Message } from "../../compiler/importers/kfp/message.ts";
import { pipelineSpec } from "../../compiler/importers/kfp/messages.ts";
import { platformSpec } from "../../compiler/importers/kfp/platform-messages.ts";
import { readMessage } from "../../compiler/importers/kfp/read-message.ts";
import { openReports } from "../../compiler/importers/kfp/reports.ts";
import { snakeCase } from "../../compiler/importers/kfp/snake-case.ts";
import { kfpYaml } from "../../compiler/importers/kfp/yaml-dialect.ts";
import { openSource } from "../../compiler/yaml/source.ts";
import { toJson, type YamlNode } from "../../compiler/yaml/tree.ts";
import { readYaml } from "../../compiler/yaml/reader.ts";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import type { Json } from "../../compiler/ir/types.ts";
import { kfpSchemas } from "../importers/kfp-schema.ts";
import { type Random, seeded } from "../random.ts";
import type { Checks } from "./checks.ts";
import { compiledFixtures, goldens } from "./corpus.ts";
import { pythonAnswers } from "./python-answers.ts";

interface Documents {
  [key: string]: Json;
  spec: Json;
  platform: Json;
}

type JsonObject = { [key: string]: Json };

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Every object of a document that is a message, with its table. */
function messagesIn(value: Json, message: Message): [JsonObject, Message][] {
  if (!isObject(value)) return [];
  const inField = (field: Field, item: Json): [JsonObject, Message][] => {
    if (field.kind === "message") return messagesIn(item, field.message());
    if (field.kind === "list" && Array.isArray(item)) return item.flatMap((one) => inField(field.of, one));
    if (field.kind === "map" && isObject(item)) return Object.values(item).flatMap((one) => inField(field.of, one));
    return [];
  };
  return [[value, message], ...Object.entries(value).flatMap(([key, item]) => (Object.hasOwn(message.fields, key) ? inField(message.fields[key]!, item) : []))];
}

const ODD: readonly Json[] = [null, true, false, 0, 1, -1, 1.5, 3.0, 1e30, 2147483648, -2147483649, 9007199254740991, "", "x", "1", "-1", "1.0", "1.5", "1e3", " 1", "1_0", "01", "NaN", "Infinity", "inf", "nan", "true", "60s", "1.5s", "s", "1m", "-3s", "STRING", "INT", "LIST", "ENV", [], {}, [null], ["x"], [1], [{}], { a: 1 }, { a: null }, { a: "x" }, { a: {} }];

/** A value for a field, mostly of its type. */
function valueFor(field: Field, random: Random, depth: number): Json {
  if (random.next() < 0.15) return random.pick(ODD);
  switch (field.kind) {
    case "text":
      return random.pick(["", "x", "a b", "é"]);
    case "bool":
      return random.next() < 0.5;
    case "int32":
      return random.pick<Json>([0, 1, 7.0, -3, 2147483647, -2147483648, "5", "-2147483648", "2147483648", "7.0", 2147483648]);
    case "int64":
      return random.pick<Json>([0, 1, 3.0, "9223372036854775807", "9223372036854775808", "-9223372036854775808", "12", "1e3", 1.5]);
    case "double":
      return random.pick<Json>([0, 1, 1.5, 1e300, "NaN", "-Infinity", "1.5", "1e400", "2"]);
    case "duration":
      return random.pick<Json>(["60s", "0s", "1.5s", "1.1234567891s", "-1s", "315576000000s", "315576000001s", "1 s", "60", "1.s", 60]);
    case "value":
      return random.pick<Json>([null, 1, "x", true, [1, null], { a: { b: [] } }]);
    case "struct":
      return random.pick<Json>([{}, { a: null }, { snake_case: { camelCase: 1 } }]);
    case "enum":
      return random.pick<Json>([...field.names, 0, 1, 99, "NOPE", field.names[0]!.toLowerCase()]);
    case "list":
      return depth > 2 ? [] : Array.from({ length: random.below(3) }, () => valueFor(field.of, random, depth + 1));
    case "map":
      return depth > 2 ? {} : Object.fromEntries(Array.from({ length: random.below(3) }, (_, index) => [`k${index}`, valueFor(field.of, random, depth + 1)]));
    case "message": {
      const { fields } = field.message();
      if (depth > 2) return {};
      return Object.fromEntries(Object.entries(fields).filter(() => random.next() < 0.3).map(([name, inner]) => [name, valueFor(inner, random, depth + 1)]));
    }
  }
}

interface Mistake {
  documents: Documents;
  /** The document, if the JSON Schema describes it: it knows lowerCamelCase alone. */
  hasSnakeCase: boolean;
}

/** A copy of two documents with one change. */
function change(original: Documents, random: Random): Mistake {
  const documents = structuredClone(original);
  const places = [...messagesIn(documents.spec, pipelineSpec), ...messagesIn(documents.platform, platformSpec)];
  const [object, message] = random.pick(places);
  const names = Object.keys(message.fields);
  const keys = Object.keys(object);
  let hasSnakeCase = false;
  switch (random.below(8)) {
    case 0:
      object[random.pick(["unknown", "x-y", "", `${keys[0] ?? "a"}s`, "[ext]", "$schema"])] = random.pick(ODD);
      break;
    case 1: {
      const key = random.pick(names);
      if (snakeCase(key) === key) break;
      const value = object[key] ?? valueFor(message.fields[key]!, random, 1);
      if (random.next() < 0.8) delete object[key];
      object[random.next() < 0.9 ? snakeCase(key) : snakeCase(key).toUpperCase()] = value;
      hasSnakeCase = true;
      break;
    }
    case 2:
      if (keys.length > 0) object[random.pick(keys)] = random.pick(ODD);
      break;
    case 3: {
      const group = message.oneofs[0];
      for (const name of group === undefined ? [] : [random.pick(group), random.pick(group)]) object[name] ??= random.next() < 0.2 ? null : valueFor(message.fields[name]!, random, 1);
      break;
    }
    default: {
      const name = random.pick(names);
      object[name] = valueFor(message.fields[name]!, random, 0);
    }
  }
  return { documents, hasSnakeCase };
}

function treeOf(value: Json): YamlNode {
  const at = { start: 0, end: 0 };
  if (Array.isArray(value)) return { kind: "list", items: value.map(treeOf), size: 1, ...at };
  if (isObject(value)) return { kind: "map", entries: new Map(Object.entries(value).map(([key, item]) => [key, { key: at, value: treeOf(item) }])), size: 1, ...at };
  return { kind: "scalar", value, size: 1, ...at };
}

function ours({ spec, platform }: Documents): { read: { spec: Json; platform?: Json }; errors: Diagnostic[] } {
  const source = openSource("x.yaml", "");
  const reports = openReports(source);
  const reading = { source, reports };
  const read = { spec: readMessage(reading, pipelineSpec, treeOf(spec), "spec"), ...(platform === null ? {} : { platform: readMessage(reading, platformSpec, treeOf(platform), "platform") }) };
  return { read, errors: reports.sorted() };
}

/** What protobuf's Python reader takes, but its Go reader, and we, do not. */
const STRICTER: readonly { why: string; pattern: RegExp }[] = [
  { why: "an empty text or list where a message belongs", pattern: /^HMC7014 .* must be a map \(\w+(\.\w+)*\), but here is (an empty text|a list)/ },
  { why: "true and false where a number belongs", pattern: /^HMC7014 .* must be a number, but here is (true|false)/ },
  { why: "true and false for a name", pattern: /^HMC7014 .* one of the names that KFP knows, but here is (true|false)/ },
  { why: "numbers that no name has, numbers in quotes, and fractions, for a name", pattern: /^HMC7015 "-?\d[\d_.e+]*" is no value of|^HMC7015 " 1" is no value of/ },
  { why: "a field in both spellings", pattern: /^HMC7005 / },
  { why: "a duration with nothing behind its point", pattern: /^HMC7014 .* must be seconds .* the text "1\.s"/ },
  { why: "a duration with white space, which only Python takes", pattern: /^HMC7014 .* must be seconds .* the text "1 s"/ },
  { why: "numbers in Python's own spelling", pattern: /^HMC7014 .* must be a (whole )?number.*, but here is the text "(1_0|01| 1|inf|1e400)"/ },
];

/** What the installed protobuf does not know yet. */
const NEWER = /no field named "init_?[cC]ontainers"/;

/** Without members that say what a missing one says, too, and with numbers as numbers. */
function essence(value: Json): Json {
  if (Array.isArray(value)) return value.map(essence);
  if (!isObject(value)) return typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, essence(item)] as const).filter(([, item]) => !isEmpty(item)));
}

function isEmpty(value: Json): boolean {
  return value === null || value === false || value === 0 || value === "" || (typeof value === "object" && Object.keys(value).length === 0) || /^(PRIMITIVE_TYPE_|TRIGGER_STRATEGY_|PARAMETER_TYPE_ENUM_)UNSPECIFIED$|^NONE$|^-?0s$/.test(String(value));
}

function isSame(left: Json, right: Json): boolean {
  try {
    assert.deepEqual(essence(left), essence(right));
    return true;
  } catch {
    return false;
  }
}

export async function readerMessages(checks: Checks, python: string, rounds: number): Promise<void> {
  const files = [...compiledFixtures(), ...(goldens() ?? [])].map(({ name, text }) => {
    const [spec, platform] = readYaml(openSource(name, text), kfpYaml).documents.map(toJson);
    return { name, documents: { spec: spec ?? null, platform: platform ?? null } };
  });
  const validators = Object.values(kfpSchemas).map((schema): ValidateFunction => new Ajv2020({ allowUnionTypes: true }).compile(schema()));
  const random = seeded(7);
  const whole: Mistake[] = files.map(({ documents }) => ({ documents, hasSnakeCase: false }));
  const changed = Array.from({ length: rounds }, () => change(random.pick(files).documents, random));
  for (const [name, cases] of [["valid files", whole], ["files with a mistake", changed]] as const) {
    const answers = await pythonAnswers(python, "messages", cases.map(({ documents }) => documents));
    const problems: string[] = [];
    let refused = 0;
    cases.forEach(({ documents, hasSnakeCase }, index) => {
      const theirs = answers[index]!;
      const { read, errors } = ours(documents);
      const shown = (): string => errors.map(({ code, message }) => `${code} ${message}`).join("; ");
      if (errors.length > 0) refused++;
      if (errors.length > 0 && "ok" in theirs) {
        const unexplained = errors.filter(({ code, message }) => !STRICTER.some(({ pattern }) => pattern.test(`${code} ${message}`)));
        if (unexplained.length > 0) problems.push(`refused, though protobuf takes it: ${shown()}`);
      } else if (errors.length === 0 && "error" in theirs) {
        if (!NEWER.test(theirs.error)) problems.push(`taken, though protobuf refuses it: ${theirs.error}`);
      } else if (errors.length === 0 && "ok" in theirs && !isSame(read, theirs.ok)) {
        problems.push(`read otherwise than by protobuf:\n  ${JSON.stringify(essence(read))}\n  ${JSON.stringify(essence(theirs.ok))}`);
      }
      if (hasSnakeCase) return;
      const fits = validators[0]!(documents.spec) && (documents.platform === null || validators[1]!(documents.platform));
      if (fits !== (errors.length === 0) && !/^HMC7014 .*number/.test(shown()) && !/^HMC7014 .*seconds/.test(shown())) problems.push(`the JSON Schema ${fits ? "takes" : "refuses"} what the reader does not: ${shown()} ${JSON.stringify(validators[0]!.errors ?? validators[1]!.errors)}`);
    });
    if (name === "valid files" && refused > 0) problems.push(`${refused} are refused`);
    if (name !== "valid files" && refused < rounds / 5) problems.push(`only ${refused} of ${rounds} have a mistake`);
    checks.expectNone(`Messages as protobuf reads them: ${cases.length} ${name}, ${refused} refused`, [...new Set(problems)].slice(0, 20));
  }
}

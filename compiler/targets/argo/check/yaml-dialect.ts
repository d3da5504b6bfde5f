/**
 * YAML as Argo and kubectl read it: go-yaml with the booleans of YAML 1.1 (`n` is false), numbers as Go's `strconv` takes them, and dates
 * as text (reference argo.md 2.0, rule 9).
 */
import { diagnostic } from "../../../diagnostics/diagnostic.ts";
import type { Dialect, NoJson } from "../../../yaml/dialect.ts";
import type { ScalarValue } from "../../../yaml/tree.ts";

const words = (value: boolean, ...names: string[]): [string, boolean][] => names.flatMap((name) => [[name, value], [name[0]!.toUpperCase() + name.slice(1), value], [name.toUpperCase(), value]]);
const booleans: ReadonlyMap<string, boolean> = new Map([...words(true, "y", "yes", "true", "on"), ...words(false, "n", "no", "false", "off")]);
const nulls: ReadonlySet<string> = new Set(["", "~", "null", "Null", "NULL"]);

const integerText = /^[-+]?(?:0[bB][01]+|0[oO]?[0-7]+|0[xX][0-9a-fA-F]+|0|[1-9][0-9]*)$/;
const floatText = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const infinite = /^[-+]?\.(?:inf|Inf|INF)$|^\.(?:nan|NaN|NAN)$/;

/** The signs of the longest number worth reading. */
const longestNumber = 2000;

function plainScalar(text: string): ScalarValue | NoJson {
  if (nulls.has(text)) return null;
  const boolean = booleans.get(text);
  if (boolean !== undefined) return boolean;
  if (!/^[-+.0-9]/.test(text)) return text;
  return number(text) ?? (infinite.test(text) ? { problem: "is not a finite number" } : text);
}

/** A number, or undefined where the text is none. */
function number(text: string): ScalarValue | NoJson | undefined {
  const plain = text.replaceAll("_", "");
  if (plain.length > longestNumber) return undefined;
  if (integerText.test(plain)) return integer(plain);
  if (!floatText.test(plain)) return undefined;
  const value = Number(plain);
  return Number.isFinite(value) ? value : { problem: "is not a finite number" };
}

function integer(text: string): ScalarValue {
  const bare = text.replace(/^[-+]/, "");
  const prefixed = /^0[0-7]+$/.test(bare) ? `0o${bare.slice(1)}` : bare.toLowerCase();
  const value = (text.startsWith("-") ? -1n : 1n) * BigInt(prefixed);
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function taggedScalar(tag: string, text: string): ScalarValue | NoJson {
  switch (tag) {
    case "tag:yaml.org,2002:str":
    case "tag:yaml.org,2002:timestamp":
      return text;
    case "tag:yaml.org,2002:null":
      return null;
    case "tag:yaml.org,2002:bool":
      return booleans.get(text) ?? { problem: "is no truth value" };
    case "tag:yaml.org,2002:int":
    case "tag:yaml.org,2002:float":
      return number(text) ?? { problem: "is no number" };
    default:
      return { problem: `has the tag "${tag}"` };
  }
}

export const goYaml: Dialect = {
  plainScalar,
  taggedScalar,
  keyText: (value) => (value === null ? "null" : String(value)),
  notYaml: (span, problem) => diagnostic("HMC8001", span, { problem: problem.replace(/\.$/, "") }),
  notText: (span, what, advice) => diagnostic("HMC8002", span, { problem: `is ${what}`, advice }),
  tooLarge: (span, has, most) => diagnostic("HMC8002", span, { problem: `has ${has}, and hmc reads ${most} at most`, advice: "Check its parts one by one" }),
  tooDeep: (span, depth) => diagnostic("HMC8002", span, { problem: `has more than ${depth} lists and maps within each other`, advice: "Flatten the value" }),
  endlessAlias: (span, alias, problem) => diagnostic("HMC8002", span, { problem: `has an alias "*${alias}" that ${problem}`, advice: "Write the value out where it is needed" }),
  duplicateKey: (span, key, first) => diagnostic("HMC8003", span, { key }, { related: [{ message: "It stands here first.", span: first }] }),
  noJson: (span, value, problem) => diagnostic("HMC8004", span, { value, problem }),
};

/**
 * What an unquoted scalar means: as PyYAML reads it, which writes nearly all KFP files and quotes by the same rules. That is YAML 1.1, but
 * with numbers of its own: `1e3` is text there, `1.0e+3` a number, `1:30` is 90 and `yes` is true.
 */
import type { NoJson } from "../../yaml/dialect.ts";
import type { ScalarValue } from "../../yaml/tree.ts";

const BOOLEANS: ReadonlyMap<string, boolean> = new Map(
  Object.entries({ yes: true, no: false, true: true, false: false, on: true, off: false }).flatMap(([word, value]) => [word, word[0]?.toUpperCase() + word.slice(1), word.toUpperCase()].map((spelling) => [spelling, value] as const)),
);
const NULLS: ReadonlySet<string> = new Set(["", "~", "null", "Null", "NULL"]);

const FLOAT = /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const INTEGER = /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const TIMESTAMP = /^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)$/;

/** The value of an unquoted scalar that has no tag. */
export function plainScalar(text: string): ScalarValue | NoJson {
  if (NULLS.has(text)) return null;
  const boolean = BOOLEANS.get(text);
  if (boolean !== undefined) return boolean;
  if (FLOAT.test(text)) return float(text);
  if (INTEGER.test(text)) return integer(text);
  if (TIMESTAMP.test(text)) return { problem: "is a date" };
  if (text === "=" || text === "<<") return { problem: "is a sign of YAML's own" };
  return text;
}

/** The value of a scalar with an explicit tag of YAML. */
export function taggedScalar(tag: string, text: string): ScalarValue | NoJson {
  switch (tag) {
    case "tag:yaml.org,2002:str":
      return text;
    case "tag:yaml.org,2002:null":
      return null;
    case "tag:yaml.org,2002:bool":
      return BOOLEANS.get(text.toLowerCase()) ?? { problem: "is no truth value" };
    case "tag:yaml.org,2002:int":
      return INTEGER.test(text) ? integer(text) : { problem: "is no whole number" };
    case "tag:yaml.org,2002:float":
      return FLOAT.test(text) || INTEGER.test(text) || /^[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$/.test(text) ? float(text) : { problem: "is no number" };
    default:
      return { problem: `has the tag "${tag}"` };
  }
}

/** The signs of the longest number worth reading. */
const LONGEST_NUMBER = 2000;

function integer(text: string): ScalarValue | NoJson {
  if (text.length > LONGEST_NUMBER) return { problem: "is not a finite number" };
  const digits = text.replaceAll("_", "");
  const sign = digits.startsWith("-") ? -1n : 1n;
  const bare = digits.replace(/^[-+]/, "");
  if (bare === "0b" || bare === "0x") return { problem: "is a number without digits" };
  const octal = /^0[0-7]+$/.test(bare);
  const value = bare.includes(":") ? sexagesimal(bare.split(":").map(BigInt)) : BigInt(octal ? `0o${bare.slice(1)}` : bare);
  const signed = sign * value;
  if (!Number.isFinite(Number(signed))) return { problem: "is not a finite number" };
  return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
}

function sexagesimal(parts: readonly bigint[]): bigint {
  return parts.reduce((total, part) => total * 60n + part, 0n);
}

function float(text: string): ScalarValue | NoJson {
  if (text.length > LONGEST_NUMBER) return { problem: "is not a finite number" };
  const digits = text.replaceAll("_", "").toLowerCase();
  const sign = digits.startsWith("-") ? -1 : 1;
  const bare = digits.replace(/^[-+]/, "");
  const value = bare.includes(":") ? bare.split(":").reduce((total, part) => total * 60 + Number(part), 0) : Number(bare);
  return Number.isFinite(value) ? sign * value : { problem: "is not a finite number" };
}

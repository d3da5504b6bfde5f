/** What the ops of random pipelines compute: values that depend on every input, the same in a process and in the interpreter. */

/** A 32-bit FNV-1a hash of an op's name and inputs; what is absent leaves no trace. */
export function digest(op: string, inputs: Record<string, unknown>): number {
  const text = JSON.stringify([op, Object.entries(inputs).filter(([, value]) => value !== undefined).sort(([a], [b]) => (a < b ? -1 : 1))], (_key, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  );
  return mix(0x811c9dc5, text);
}

function mix(state: number, text: string): number {
  let hash = state;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d) >>> 0;
}

const words = ["a", "b", "red", "it's", "007", "no", "x y", "ü"];

/** A value of a type, from a digest and the name of the output. */
export function derive(hash: number, name: string, type: string): unknown {
  const own = mix(hash, name);
  const list = (item: string, most: number): unknown[] => Array.from({ length: own % (most + 1) }, (_, index) => derive(own, `${index}`, item));
  switch (type) {
    case "string":
      return words[own % words.length];
    case "Int":
      return (own % 9) - 3;
    case "number":
      return (own % 32) / 8 - 1;
    case "boolean":
      return own % 2 === 0;
    case "Plan":
      return { label: derive(own, "label", "string"), kind: derive(own, "kind", "string") };
    case "Group":
      return { label: derive(own, "label", "string"), depth: derive(own, "depth", "Int"), rate: derive(own, "rate", "number"), flag: derive(own, "flag", "boolean"), parts: derive(own, "parts", "string[]") };
    default:
      return type.endsWith("[]") ? list(type.slice(0, -2), 3) : `${name}-${own.toString(16)}`;
  }
}

/** Names for what a KFP file names only by keys. */

/** A key without the number that the SDK adds to the second task of the same name: `train-2` → `train`. */
export function baseName(key: string): string {
  return key.replace(/-\d+$/, "") || key;
}

/** An identifier: `create-training` → `createTraining`, `2-steps` → `_2Steps`. */
export function camelCase(name: string): string {
  const [first = "", ...others] = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const joined = first.charAt(0).toLowerCase() + first.slice(1) + others.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  return joined === "" ? "unnamed" : /^\d/.test(joined) ? `_${joined}` : joined;
}

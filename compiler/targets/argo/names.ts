/** Names of templates, tasks and parameters (reference argo.md 2.0, rules 1 and 2). */

/** Words of the language of `depends`, which no task may be called. */
const keywords = new Set(["and", "or", "not", "in", "true", "false", "nil", "if", "else", "let", "matches", "contains", "startswith", "endswith", "item"]);

/** A name of a task or template: letters, digits and dashes, no digit first, no keyword. */
export function taskName(wanted: string): string {
  const clean = wanted.replace(/[^A-Za-z0-9-]+/g, "-").replace(/^-+/, "");
  const named = /^[A-Za-z]/.test(clean) ? clean : `t-${clean}`;
  return keywords.has(named.toLowerCase()) ? `${named}-task` : named;
}

/** A name of a parameter or an artifact: letters, digits, dashes and underscores. */
export function parameterName(wanted: string): string {
  const clean = wanted.replace(/[^A-Za-z0-9_-]/g, "_");
  return clean === "" ? "_" : clean;
}

/** The first of `name`, `name-2` … that is not taken; takes it. */
export function freeName(wanted: string, taken: Set<string>): string {
  let free = wanted;
  for (let count = 2; taken.has(free); count++) free = `${wanted}-${count}`;
  taken.add(free);
  return free;
}

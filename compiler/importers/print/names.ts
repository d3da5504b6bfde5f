/** Names in the printed module: identifiers made of any text, each free where it is declared. */

/** Words that cannot name a constant, and global names that printed code uses. */
const reserved = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export exports extends false finally for function if implements " +
    "import in instanceof interface let module new null package private protected public require return static super switch this throw true try typeof undefined var " +
    "void while with yield Array Boolean Infinity JSON Math NaN Number Object Record String parseInt"
  ).split(" "),
);

/** The names of a block; those of the blocks around it count, too. */
export interface NameScope {
  names: Set<string>;
  parent?: NameScope;
  /** Of the module: every name that was taken in a scope inside. */
  inside?: Set<string>;
}

export function innerScope(parent: NameScope): NameScope {
  return { names: new Set(), parent, ...(parent.inside === undefined ? {} : { inside: parent.inside }) };
}

function isTaken(scope: NameScope, name: string): boolean {
  return scope.names.has(name) || (scope.parent !== undefined && isTaken(scope.parent, name));
}

/**
 * Takes a name that is free in the scope.
 *
 * @param wanted any text
 * @param suffix added where the wanted name is not free, before numbers are: `add` → `addTask`
 */
export function takeName(scope: NameScope, wanted: string, suffix = ""): string {
  const base = toIdentifier(wanted);
  let name = base;
  if (!isFree(scope, name) && !base.toLowerCase().endsWith(suffix.toLowerCase())) name = `${base}${suffix}`;
  const stem = name;
  for (let count = 2; !isFree(scope, name); count++) name = `${stem}${count}`;
  scope.names.add(name);
  if (scope.parent !== undefined) scope.inside?.add(name);
  return name;
}

function isFree(scope: NameScope, name: string): boolean {
  return !reserved.has(name) && !isTaken(scope, name);
}

/** Takes a name of the module that no scope inside shadows. */
export function takeGlobalName(scope: NameScope, wanted: string, shadows: ReadonlySet<string>): string {
  for (let count = 1; ; count++) {
    const name = `${toIdentifier(wanted)}${count === 1 ? "" : count}`;
    if (shadows.has(name) || !isFree(scope, name)) continue;
    scope.names.add(name);
    return name;
  }
}

/** Whether a text can stand after a dot or as the key of an object without quotes. */
export function isPropertyName(text: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(text);
}

/** The text where it is an identifier, else its words in camelCase: `my-first step` → `myFirstStep`. */
export function toIdentifier(text: string): string {
  if (isPropertyName(text)) return text;
  const name = camelCase(text);
  if (name === "") return "value";
  return /^[0-9]/.test(name) ? `_${name}` : name;
}

/** The words of a text in camelCase; words are of letters and digits. */
export function camelCase(text: string): string {
  const words = text.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "" && isPropertyName(`_${word}`));
  return words.map((word, index) => (index === 0 ? word.charAt(0).toLowerCase() : word.charAt(0).toUpperCase()) + word.slice(1)).join("");
}

/** The name of a list of what a name stands for: `model` → `models`. */
export function plural(name: string): string {
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  if (/(s|x|z|ch|sh)$/.test(name)) return `${name}es`;
  return `${name}s`;
}

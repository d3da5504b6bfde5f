/** Reading of data whose shape is not known yet. */

export type Fields = Readonly<Record<string, unknown>>;

/** The fields of a map; none where the value is something else. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The items of a list; none where the value is something else. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Text, if the value is some. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Text that is not empty: Argo takes an empty one for none. */
export function filled(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** What Argo makes of a value that may be text or a number. */
export function looseText(value: unknown): string | undefined {
  return typeof value === "string" ? value : typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

/** Whether a field is given: Argo takes null for nothing. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

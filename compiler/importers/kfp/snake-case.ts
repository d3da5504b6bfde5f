/** `executorLabel` → `executor_label`: the name of a field in protobuf's own spelling. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

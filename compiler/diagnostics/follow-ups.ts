/**
 * Findings that only repeat another one in other words. One mistake is one message: the one that says what to do.
 */
import type { Diagnostic } from "./diagnostic.ts";

/** What is said of an expression that TypeScript has found wrong already. */
const afterTypeScript = new Set(["HMC1002", "HMC1003", "HMC1011"]);
/** What says more than TypeScript's error at the same value. */
const insteadOfTypeScript = new Set(["HMC2024", "HMC2025", "HMC2034"]);

/**
 * The diagnostics without those that follow from others among them.
 *
 * @param texts sources by path
 */
export function withoutFollowUps(diagnostics: readonly Diagnostic[], texts: ReadonlyMap<string, string>): Diagnostic[] {
  const errors = diagnostics.filter((found) => found.severity === "error");
  const codes = new Set(errors.map((found) => found.code));
  const typescript = errors.filter(isTypeScript);
  const edges = new Set(typescript.flatMap(({ span }) => (span === undefined ? [] : [`${span.file}:${span.start}`, `${span.file}:${span.end}`])));
  const clearer = errors.filter((found) => insteadOfTypeScript.has(found.code));
  const madeInside = new Set(errors.filter((found) => found.code === "HMC2010").map(lineOf));
  const isUnreadBody = errors.some((found) => isTypeScript(found) || /^HMC[0127]/.test(found.code));
  return diagnostics.filter((found) => {
    const { code, span } = found;
    if (code === "HMC4021") return !codes.has("HMC3020");
    if (code === "HMC0006") return !codes.has("HMC0009");
    if (code === "HMC3008") return !isUnreadBody;
    if (code === "HMC1019") return !madeInside.has(lineOf(found));
    if (afterTypeScript.has(code)) return span === undefined || !(edges.has(`${span.file}:${span.start}`) || edges.has(`${span.file}:${span.end}`));
    return !(isTypeScript(found) && clearer.some((other) => isAbout(found, other, texts)));
  });
}

function isTypeScript(found: Diagnostic): boolean {
  return found.code.startsWith("TS");
}

function lineOf({ span }: Diagnostic): string {
  return `${span?.file}:${span?.line}`;
}

/** Whether TypeScript's error stands inside a value, or at the name of the property that has it. */
function isAbout(typescript: Diagnostic, other: Diagnostic, texts: ReadonlyMap<string, string>): boolean {
  const [inner, value] = [typescript.span, other.span];
  if (inner === undefined || value === undefined || inner.file !== value.file) return false;
  if (value.start <= inner.start && inner.end <= value.end) return true;
  return inner.end <= value.start && /^["'`\]]?\s*:\s*$/.test(texts.get(value.file)?.slice(inner.end, value.start) ?? "");
}

/** The functions that expressions of Argo can call. */
import { argoEnv } from "../../../expressions/argo/argo-env.ts";
import { typesOf, type ExprTypes } from "../../../expressions/argo/expr-check.ts";
import { exprPlainFunctions, exprPredicateFunctions } from "../../../expressions/argo/expr.ts";
import { nearestName } from "../../../diagnostics/nearest.ts";
import { sprigFunctions } from "../../../expressions/argo/sprig.ts";

/** The types of what Argo adds to the functions of expr-lang. */
export const argoFunctionTypes: ExprTypes = typesOf(argoEnv(new Map()));

/** Functions of sprig 3.3 that hmc does not evaluate, but Argo does. */
const otherSprigFunctions = [
  "ago", "date_in_zone", "date_modify", "dateInZone", "dateModify", "durationRound", "htmlDateInZone", "must_date_modify", "mustDateModify", "mustToDate", "abbrev", "abbrevboth", "wrap", "wrapWith",
  "mustCompact", "mustDeepCopy", "typeIsLike", "osBase", "osClean", "osDir", "osExt", "osIsAbs", "b32enc", "b32dec", "mustMerge", "mustMergeOverwrite", "mustPrepend", "mustReverse", "mustUniq",
  "mustWithout", "mustHas", "mustSlice", "mustChunk", "semver", "semverCompare", "mustRegexFindAll", "mustRegexFind", "mustRegexReplaceAll", "mustRegexReplaceAllLiteral", "mustRegexSplit", "urlParse", "urlJoin",
];

let sprigNames: ReadonlySet<string> | undefined;

/** The name that is meant where a function does not exist; undefined where it does. */
export function unknownFunction(path: readonly string[]): { name: string; suggestion: string | undefined } | undefined {
  const [root = "", member] = path;
  if (root === "sprig" && member !== undefined) {
    sprigNames ??= new Set([...Object.keys(sprigFunctions()), ...otherSprigFunctions]);
    if (sprigNames.has(member)) return undefined;
    const nearest = nearestName(member, sprigNames);
    return { name: `sprig.${member}`, suggestion: nearest === undefined ? undefined : `sprig.${nearest}` };
  }
  if (path.length > 1 || Object.hasOwn(argoFunctionTypes, root)) return undefined;
  return { name: root, suggestion: nearestName(root, [...Object.keys(argoFunctionTypes), ...exprPlainFunctions, ...exprPredicateFunctions.keys()]) };
}

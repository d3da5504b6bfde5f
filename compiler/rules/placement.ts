/** Where a pod may run and as whom: tolerations, node affinity, security context. Rules of the Kubernetes API. */
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { isKubernetesJson } from "../ir/traverse.ts";
import type { Document, NodeAffinity, NodeExpression, Toleration } from "../ir/types.ts";
import { optionSources, optionSpan } from "./layers.ts";
import type { Rule } from "./rule.ts";

export const placement: Rule = {
  codes: ["HMC3035", "HMC3036", "HMC3037"],
  scope: "cluster",
  check(document: Document): Diagnostic[] {
    const found: Diagnostic[] = [];
    for (const { options, span } of optionSources(document)) {
      options.tolerations?.forEach((toleration, index) => {
        const problem = isKubernetesJson(toleration) ? undefined : tolerationProblem(toleration);
        if (problem !== undefined) found.push(diagnostic("HMC3035", optionSpan(options, span, `tolerations.${index}`), { problem }));
      });
      options.affinity?.forEach((affinity, index) => {
        const problem = isKubernetesJson(affinity) ? undefined : affinityProblem(affinity);
        if (problem !== undefined) found.push(diagnostic("HMC3036", optionSpan(options, span, `affinity.${index}`), { problem }));
      });
      const { securityContext } = options;
      if (securityContext?.runAsNonRoot === true && securityContext.runAsUser === 0) {
        found.push(diagnostic("HMC3037", optionSpan(options, span, "securityContext.runAsUser"), { user: 0 }));
      }
    }
    return found;
  },
};

function tolerationProblem(toleration: Toleration): string | undefined {
  const { key, operator, value, effect, seconds } = toleration;
  if (operator === "Exists" && value !== undefined && value !== "") return `"Exists" takes no value; remove "value" or use "Equal"`;
  if ((key === undefined || key === "") && operator !== "Exists") return `without a "key" the operator must be "Exists"`;
  if (seconds !== undefined && effect !== "NoExecute") return `"seconds" needs the effect "NoExecute"`;
  return undefined;
}

function affinityProblem(affinity: NodeAffinity): string | undefined {
  const expressions = [...(affinity.expressions ?? []), ...(affinity.fields ?? [])];
  if (expressions.length === 0) return `it has neither "expressions" nor "fields"; add one`;
  if (affinity.weight !== undefined && affinity.weight > 100) {
    return `the weight is ${affinity.weight}; give a whole number from 1 to 100`;
  }
  for (const expression of expressions) {
    const problem = expressionProblem(expression);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function expressionProblem({ key, operator, values = [] }: NodeExpression): string | undefined {
  switch (operator) {
    case "In":
    case "NotIn":
      return values.length === 0 ? `"${operator}" on "${key}" needs at least one value` : undefined;
    case "Exists":
    case "DoesNotExist":
      return values.length > 0 ? `"${operator}" on "${key}" takes no values` : undefined;
    case "Gt":
    case "Lt":
      return values.length !== 1 || !/^-?\d+$/.test(values[0] ?? "") ? `"${operator}" on "${key}" needs exactly one whole number` : undefined;
  }
}

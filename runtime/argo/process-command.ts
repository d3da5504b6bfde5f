/** What the kubelet makes of the command, the arguments and the environment of a container. */
import type { EnvironmentVariable } from "./types.ts";

/**
 * `$(NAME)` is the value of a variable, where there is one, and `$$` a dollar sign.
 */
export function expanded(text: string, variables: Readonly<Record<string, string | undefined>>): string {
  return text.replace(/\$\$|\$\(([^()]*)\)/g, (written, name: string | undefined) => (name === undefined ? "$" : (variables[name] ?? written)));
}

/**
 * The variables of a container. What comes from the cluster (secrets, config maps, fields of the pod) is taken from the variable of the
 * same name on this machine.
 *
 * @param inherited the environment of this machine
 */
export function environmentOf(env: readonly EnvironmentVariable[], inherited: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const { name, value, valueFrom } of env) {
    const own = valueFrom === undefined ? expanded(value ?? "", variables) : inherited[name];
    if (own !== undefined) variables[name] = own;
  }
  return variables;
}

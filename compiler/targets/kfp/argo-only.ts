/** What only Argo has: parts of containers, and variables. */
import { contextOfArgo } from "../../ir/argo-variables.ts";
import { describeContext } from "../../ir/describe.ts";
import type { ContainerComponent, Span } from "../../ir/types.ts";
import { report, type Build } from "./scope.ts";

const members = {
  script: { why: "it stages no file for a program", instead: 'Give the program as an argument: command: ["python", "-c", program].' },
  stdout: { why: "it does not read what a program prints", instead: 'Write the value to the file "fileOf(out.x)".' },
  files: { why: "it chooses the places of files itself", instead: 'Name them on the command line: "input.x.path", "out.x.path", "fileOf(out.x)".' },
  defaults: { why: "an output that was not written is an error", instead: "Let the program write the output in each case." },
} as const;

/** Reports the parts of a container that KFP does not have. */
export function refuseArgoParts(build: Build, component: ContainerComponent): void {
  const { version } = build.capabilities;
  if (component.template !== undefined) {
    const { kind } = component.template;
    report(build, "HMC4062", component.span, { member: kind, container: component.name, why: "it has no such step", instead: "Do it in an op, or compile for Argo.", version });
    return;
  }
  for (const member of ["script", "stdout", "files", "defaults"] as const) {
    if (component[member] !== undefined) report(build, "HMC4062", component.span, { member, container: component.name, ...members[member], version });
  }
}

/** Reports a variable of Argo. */
export function refuseArgoVariable(build: Build, name: string, span: Span): undefined {
  const context = contextOfArgo(name);
  return report(build, "HMC4063", span, { name, instead: context === undefined ? undefined : describeContext(context), version: build.capabilities.version });
}

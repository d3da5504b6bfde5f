/** Why the default shape of an imported file is not what the SDK wrote: each way in which they may differ, with its reason (kfp-real). */

interface Reason {
  /** For the table in docs/kfp.md, which has the same words. */
  title: string;
  /** Lines of `ireq.py` that it explains. */
  lines: RegExp;
}

const group = String.raw`(?:condition|condition-branches|for-loop|exit-handler)@\d+`;

/** In the order in which they are tried. */
export const reasons: readonly Reason[] = [
  { title: "the name of the component in the environment", lines: /^[+~] .*\/EXECUTOR\/container\/env\b.*HMC_COMPONENT/ },
  { title: "optional beside a default", lines: /^\+ .*\/inputDefinitions\/parameters\/[^/]+\/isOptional = true/ },
  { title: "no numbers beside the quantities", lines: /^- .*\/EXECUTOR\/container\/resources\/(?:(?:cpu|memory)(?:Limit|Request)|accelerator\/(?:type|count)) = / },
  { title: "the longest pause of a retry", lines: /^~ .*\/retryPolicy\/backoffMaxDuration: / },
  { title: "optional arguments decided, parts joined", lines: /^~ .*\/EXECUTOR\/container\/(?:args|command)(?:\[\d+\])?: .*(?:IfPresent|Concat|\[)/ },
  { title: "a graph around an importer", lines: /^[-+] .*\/COMPONENT\/(?:EXECUTOR = \{"importer"|dag = \{"outputs": \{"artifacts": \{"artifact")|^- .*\/importer(?:-\d+)?\/cachingOptions = / },
  // The guard takes numbers, so that groups behind it are compared with others.
  { title: "a guard around a loop whose results are collected", lines: new RegExp(String.raw`^[-+] .*/tasks/${group} = |^[-+] .*/${group}/COMPONENT/dag/tasks/[^/]+ = |^~ .*/(?:dependentTasks\[\d+\]|producerTask|producerSubtask|outputParameterKey|outputArtifactKey): "${group}" != "${group}"`) },
  { title: "groups take in what they read", lines: new RegExp(String.raw`^[-+] .*/${group}(?:/COMPONENT/inputDefinitions/parameters|/inputs/parameters)/pipelinechannel--|^[-+] .*/${group}/(?:inputs|COMPONENT/inputDefinitions) = `) },
  { title: "fields of items read where they are used", lines: /^~ .*(?:\/triggerPolicy\/condition|\/parameterExpressionSelector|\/parameterIterator\/(?:itemInput|items\/inputParameter)): |^[-+] .*\/inputDefinitions\/parameters\/pipelinechannel--.*-loop-item/ },
  { title: "a default passed as a constant", lines: /^\+ .*\/inputs\/parameters\/[^/]+ = \{"runtimeValue": \{"constant": / },
  {
    title: "inputs for values in settings and texts",
    lines: /^\+ .*\/COMPONENT\/inputDefinitions\/parameters\/pipelinechannel--.* = \{"isOptional": true|^- .*\/inputs\/parameters\/(?:accelerator_(?:count|type)|(?:cpu|memory)_(?:limit|request)|base_image) = /,
  },
  { title: "text of one value made by a selector", lines: /^[-+] .*\/inputs\/parameters\/[^/]+\/(?:parameterExpressionSelector|runtimeValue|componentInputParameter|taskOutputParameter) = |^[-+] .*\/inputs\/parameters\/pipelinechannel--/ },
];

/** The lines that nothing explains. */
export function unexplained(lines: readonly string[]): string[] {
  return lines.filter((line) => !reasons.some((reason) => reason.lines.test(line)));
}

/** How many lines each reason explains. */
export function countByReason(lines: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) {
    const title = reasons.find((reason) => reason.lines.test(line))?.title;
    if (title !== undefined) counts.set(title, (counts.get(title) ?? 0) + 1);
  }
  return counts;
}

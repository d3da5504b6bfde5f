/** What a KFP file has in it, in a few words, for the table of imports. */
const features: readonly [name: string, pattern: RegExp][] = [
  ["pipeline in pipeline", /\n {2}comp-[^:]+:\n(?: {4}.*\n)*? {4}dag:[\s\S]*enableCache/],
  ["loop", /parameterIterator:/],
  ["loop over artifacts", /artifactIterator:/],
  ["limit", /parallelismLimit:/],
  ["if", /\n\s+condition: /],
  ["else", /condition-branches-/],
  ["one-of", /valueFromOneof:|(?:- outputArtifactKey: .*\n\s+producerSubtask: .*\n\s*){2}/],
  ["fan-in", /for-loop-\d+-pipelinechannel--/],
  ["fields", /parameterExpressionSelector:/],
  ["exit task", /exit-handler-\d+:/],
  ["final status", /taskFinalStatus:/],
  ["ignores failures", /strategy: ALL_UPSTREAM_TASKS_COMPLETED/],
  ["Python", /kfp\.dsl\.executor_main/],
  ["IfPresent", /"IfPresent"/],
  ["Concat", /"Concat"/],
  ["importer", /\n\s+importer:/],
  ["retry", /retryPolicy:/],
  ["resources", /\n\s+resources:/],
  ["run context", /\{\{\$\.(?:pipeline_(?:job|task)|workspace)/],
  ["text of values", /constant: .*\{\{\$\.inputs/],
  ["artifact lists", /isArtifactList: true/],
  ["Kubernetes", /\nplatforms:/],
];

export function featuresOf(text: string): string[] {
  return features.flatMap(([name, pattern]) => (pattern.test(text) ? [name] : []));
}

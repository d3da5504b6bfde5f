/** Names as the KFP SDK makes them. */

/** What a name becomes in KFP: `k8s()` of the SDK. Dashes at the ends go, runs of anything else become one dash. */
export function kubernetesName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^-0-9a-z]+/g, "-")
    .replace(/-+/g, "-")
    .replace(/^-+|-+$/g, "");
}

/** The full name of the channel of an output: `train-model`. */
export function outputChannelName(task: string, output: string): string {
  return `${task}-${output}`;
}

/** The item of a loop over a channel: `names-loop-item`. */
export function loopItemName(list: string): string {
  return `${list}-loop-item`;
}

/** The item of a loop over a constant: `loop-item-param-3`. */
export function constantLoopItemName(number: number): string {
  return `loop-item-param-${number}`;
}

/** A field of a loop item: `names-loop-item-subvar-id`. */
export function loopFieldName(item: string, field: string): string {
  return `${item}-subvar-${field}`;
}

export const groupNames = {
  condition: (number: number) => `condition-${number}`,
  branches: (number: number) => `condition-branches-${number}`,
  loop: (number: number) => `for-loop-${number}`,
  exitHandler: (number: number) => `exit-handler-${number}`,
};

/** The k-th one-of of a group of branches, without the channel prefix. */
export function oneOfName(branches: string, count: number): string {
  return `${branches}-oneof-${count}`;
}

/** With what the fixtures run on Argo and with `hmc run`, and why some cannot. */
import type { Json } from "../../compiler/ir/types.ts";

export type Parameters = Record<string, Json>;

/** Text with everything that an engine would change. */
const nasty = "it's \"{{workflow.name}}\" {{=1+1}} $(HOME) $$ ~(7b) \\n \u001b[1m é 東 😀 {";

/** Runs with other parameters than the defaults. Fixtures that are not here run once, with the defaults. */
export const parameterSets: Readonly<Record<string, readonly Parameters[]>> = {
  birdstrikes: [{ trees: 5 }, { trees: 3, depth: 2, threshold: 0.99 }],
  "component-types": [{ depth: 4 }, { depth: 8, format: "parquet", rate: -1 }],
  "control-flow": [{}, { note: "a note" }, { value: -3, names: ["xyz"], fast: false, note: "" }, { value: 0, names: [], note: nasty }, { names: [nasty, "", "{}", "[1]", "null"], fast: false }],
  "control-flow-artifacts": [{}, { note: nasty }, { value: 4, times: 0 }, { value: -2, times: 3, note: "" }],
  crashed: [{ trees: 5 }, { trees: 3, depth: 2, threshold: 0.99, source: "synthetic:crashes" }],
  expressions: [{}, { seed: 7, mode: "slow", note: nasty, rates: [1, -2.5, 1e21] }, { seed: -4, mode: "off", note: "", rates: [0] }],
  "group-names": [{}, { mode: "slow" }],
  "inline-ops": [{}, { text: nasty }, { text: "" }],
  "order-branches": [{}, { mode: "slow" }],
  "relay-in-shell": [{}, { title: "it's a title" }],
  "required-defaults": [{}, { depth: 9 }],
  "run-context": [{}, { owner: nasty }],
  "run-time-options": [
    { name: "n", tag: "1", gpu: true, teams: [] },
    { name: "n", tag: "2", other: "alpine:3", gpu: false, teams: [{ secret: "s", cores: 1 }, { secret: "t", cores: 2 }] },
  ],
  "skip-safety": [{}, { warmStart: true }, { warmStart: true, note: nasty }, { note: "" }],
  "task-conditions": [{}, { least: 0.05, depths: [], note: "x" }, { least: 0.95, depths: [1, 2, 3, 0], note: "" }],
  "twin-component-pipeline": [{ text: "one two three" }, { text: "it's {{}}", most: 0 }],
  "twin-component-v1": [{}, { most: 0 }],
  "twin-component-v2": [{}, { title: "it's", seeds: [] }],
  "twin-conditions": [{}, { threshold: 0.01, most: 0, mode: "slow", force: true }, { threshold: 1, most: 99, mode: "deep" }],
  "twin-exit-handler": [{}, { rows: 0, channel: nasty }],
  "twin-exit-handler-plain": [{}, { rows: 0 }],
  "twin-fan-in": [{}, { again: true }, { depths: [], again: true }, { depths: [3, 1, 2, 5, 4, 9, 8, 7, 6, 11, 10, 12] }],
  "twin-fan-in-nested": [{ regions: ["a", "b"] }, { regions: [] }, { regions: [nasty] }],
  "twin-group-names": [{}, { depths: [], mode: "slow" }, { depths: [5, 6, 7], mode: "deep" }],
  "twin-groups-mixed": [{ names: ["a", "b"] }, { names: [], fast: true }, { names: [nasty, ""], fast: true }],
  "twin-helpers": [{}, { since: nasty }],
  "twin-ignore-upstream-failure": [{}, { fail: true }],
  "twin-importer": [{ uri: "s3://acme/model" }],
  "twin-limit": [{ depths: [1, 2, 3], more: [] }, { depths: [], more: [4, 5] }],
  "twin-loop-constants": [{}, { rate: 2 }],
  "twin-loop-fields": [{ plans: [] }, { plans: [{ label: "a", kind: "b" }, { label: nasty, kind: "" }] }],
  "twin-loop-untyped": [
    { plans: [], names: [] },
    { plans: [{ label: "x", count: 2, parts: [{ title: "t" }, { title: nasty }] }, { label: "y", count: 1, parts: [] }], names: ["a", nasty, "1", "true"] },
  ],
  "twin-loop-values": [{ regions: ["a", "b"] }, { regions: [nasty], sizes: [], suffix: nasty }],
  "twin-nested-conditions": [{}, { since: "there" }],
  "twin-nested-loops": [
    { regions: ["a"], groups: [{ label: "g", parts: ["p", "q"] }, { label: "h", parts: [] }] },
    { regions: [], groups: [], least: 0.1 },
  ],
  "twin-one-of-artifacts": [{}, { target: 0.1 }],
  "twin-one-of-parameters": [{}, { prize: 0 }, { prize: 100 }],
  "twin-optional-inputs": [{ uri: "s3://a/b" }, { uri: nasty, limit: 3, note: nasty }],
  "twin-order-across": [{ names: ["a", "b"] }, { names: [], mode: "slow" }],
  "twin-order-groups": [{ depths: [1, 2] }, { depths: [], fast: true }],
  "twin-outputs-groups": [{ depths: [1, 2] }, { depths: [], mode: "b" }],
  "twin-parameter-types": [{}, { text: nasty, whole: -1, real: 1e-7, flag: false, list: [], table: { [nasty]: 1 }, plan: { label: nasty, depth: 0 }, pair: ["r", nasty] }],
  "twin-run-time-options": [
    { image: "a:1", memory: "1Gi", name: "n", big: true, selector: { a: "b" }, tolerations: [{ key: "k" }], affinity: {}, teams: ["t", "u"] },
    { image: "a:1", memory: "1Gi", name: "n", big: false, selector: {}, tolerations: [], affinity: {}, teams: [], registry: "r", extra: { c: "d" } },
  ],
  "twin-run-time-options-groups": [{ name: "n", image: "a:1", cpu: "2" }],
  "twin-straight-line": [{}, { since: nasty, depth: 1 }],
  "twin-sub-pipeline": [{}, { since: nasty }],
  "twin-sub-pipeline-groups": [{ depths: [1, 2], all: true }, { depths: [], all: false }],
  "twin-switch": [{ mode: "fast" }, { mode: "deep", size: 1 }, { mode: nasty, size: 3 }],
  "twin-task-status": [{}, { table: "" }],
  "twin-templates": [{ region: "eu", names: ["a", "b"] }, { region: nasty, depth: 0, names: [nasty] }],
  "try-values": [{}, { depth: 3 }, { depth: 1, most: 0, names: ["!x"] }],
  while: [{}, { bound: 2 }, { bound: 0.06 }],
  "while-branches": [{}, { rounds: 1, starts: [] }, { rounds: 5, starts: [1, 0] }],
};

/** The codes with which compiling for Argo ends. */
export const cannotRun: Readonly<Record<string, string>> = {
  cel: "HMC4101",
  "rich-conditions": "HMC4101",
  "twin-cel": "HMC4101",
  "twin-claims": "HMC4107",
  "twin-command-lines": "HMC4113",
  "twin-container": "HMC4113",
  "twin-task-config": "HMC4105",
  "twin-task-options": "HMC4144",
  "twin-workspace": "HMC4105",
};

/** What a local run refuses, by the code of that. */
export const onlyOnArgo: Readonly<Record<string, string>> = { "argo-templates": "HMC6016" };

/** What Argo does otherwise, and why: of a fixture, or of one of its parameter sets. */
export const differences: Readonly<Record<string, string>> = {
  'twin-ignore-upstream-failure {"fail":true}': "a DAG of Argo succeeds where the tasks at its end do, and here those ignore the failure",
  "twin-descriptions": "an artifact of which an op writes the metadata alone is an empty file for the program that reads it",
  "twin-loop-untyped": "it takes a number for text where the source asserts that it is one; a local run refuses that",
};

/** Objects of stores that fixtures import. */
export const objects: readonly string[] = ["s3:crashes.csv", "s3:base", "s3:model"];

/** What programs of foreign images do where they run on this machine, as shell scripts. */
export const programs: Readonly<Record<string, string>> = {
  clean: `printf '%s!' "$1" > "$2"`,
  copy: ":",
  join: `printf '%s: %s' "$2" "$1" > "$3"`,
  make: `printf '%s' "$2" > "$3"`,
  names: `printf '["a","b c","it''s"]' > "$1"`,
  ops: `wc -c < "$1" > "$2"`,
  tool: ":",
};

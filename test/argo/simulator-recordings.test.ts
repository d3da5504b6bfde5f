/** The simulator agrees with recorded runs of Argo's controller, in all fields but those that are named here. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { haveRecordings, recorded, type RecordedRun, recordings, sets, simulated } from "./simulator-recordings.ts";

/** What varies from run to run of the controller, and how it is made the same. */
const varying: { reason: string; apply: (run: RecordedRun, id: string) => RecordedRun }[] = [
  {
    reason: "`finishedAt` in `workflow.failures` is the time of day",
    apply: (run) => replaceTexts(run, /(\\*"finishedAt\\*":)(?:null|\\*"[^"\\]*\\*")/g, "$1T"),
  },
  {
    reason: "`workflow.duration` is a time",
    apply: (run, id) => (id === "examples-v4.1.2/exit-handlers@fail" || id === "examples-v4.1.2/exit-handlers@ok" ? replaceTexts(run, /\b\d+\.\d{6}\b/g, "D") : run),
  },
  {
    reason: "`workflow.failures` is in the order of a Go map, which is random",
    apply: (run, id) => (/\/(06a-exit-wf|10-workflow-onexit)$/.test(id) ? sortFailures(run) : run),
  },
  {
    reason: "how many passes two loops of dependents take is a matter of the order of a Go map",
    apply: (run, id) => (id === "examples-v4.1.2/parallelism-nested-dag" ? { ...run, operateIterations: 0 } : run),
  },
];

function replaceTexts(run: RecordedRun, pattern: RegExp, by: string): RecordedRun {
  return JSON.parse(JSON.stringify(run), (_, value: unknown) => (typeof value === "string" ? value.replace(pattern, by) : value)) as RecordedRun;
}

function sortFailures(run: RecordedRun): RecordedRun {
  const sorted = (text: string): string => text.split(/(?<=\})[,\]]|[[,\]]/).map((part) => part.trim()).sort().join(",");
  const nodes = run.nodes?.map((node) => (node.In?.["fe"] === undefined ? node : { ...node, In: { ...node.In, f: sorted(node.In["f"] as string), fe: sorted(node.In["fe"]) } }));
  return { ...run, nodes: nodes ?? null };
}

function comparable(run: RecordedRun, id: string): RecordedRun {
  return varying.reduce((made, { apply }) => apply(made, id), run);
}

if (!haveRecordings) test("SKIPPED: ../shared/conformance/argo/sim is not beside the project", () => console.log("SKIPPED: no recordings of Argo's controller"));
else {
  for (const { workflows, runs, version, least } of sets) {
    test(`there are all recordings of ${runs}`, () => assert.ok(recordings(runs).length >= least));
    for (const name of recordings(runs)) {
      const id = `${runs}/${name}`;
      test(`${id}: nodes, pods, phase and message are those of the controller`, async () => {
        assert.equal(comparable(await simulated(workflows, name, version), id), comparable(recorded(runs, name), id));
      });
    }
  }

  test("what is left out of the comparison does vary between recordings, and nothing else is", () => {
    const failures = (version: string): string | undefined => recorded(version, "06a-exit-wf").nodes?.find(({ Name }) => Name === "p06a.onExit.notify")?.In?.["fe"];
    assert.is.not(failures("v4.1.2"), failures("v3.6.10"));
    assert.is(varying.length, 4);
  });
}

test.run();

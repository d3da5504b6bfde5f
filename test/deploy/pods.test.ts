/** Which task a pod is of, and what the log of a driver says is wrong. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { causesIn, taskOfNode } from "../../compiler/deploy/kfp/pods.ts";

const test = suite("pods of runs");

for (const [node, task, isDriver] of [
  ["crashed-x7k2p.train-driver", "train", true],
  ["crashed-x7k2p.train.executor", "train", false],
  ["crashed-x7k2p.root-driver", "root", true],
  ["crashed-x7k2p.root.train.system-container-impl", "train", false],
  ["nightly-x7k2p.scale", "scale", false],
  ["nightly-x7k2p.for-1(0:a).scale(0)", "scale", false],
] as const) {
  test(`the node ${node}`, () => assert.equal(taskOfNode(node), { task, isDriver }));
}

test("the causes in a driver's log: errors, without what the logger puts before them, each once", () => {
  assert.equal(causesIn([
    "I1122 15:12:03.123456       1 main.go:120] input ComponentSpec: {}",
    'F1122 15:12:04.000001      19 main.go:82] KFP driver: driver.Container(pipelineName=crashed) failed: input parameter "x" type mismatch: expect BOOLEAN, got number',
    'F1122 15:12:05.000001      19 main.go:82] KFP driver: driver.Container(pipelineName=crashed) failed: input parameter "x" type mismatch: expect BOOLEAN, got number',
    "time=\"2026-11-22T15:12:05Z\" level=error msg=\"exit status 1\"",
    "done",
  ]), ['KFP driver: driver.Container(pipelineName=crashed) failed: input parameter "x" type mismatch: expect BOOLEAN, got number', "time=\"2026-11-22T15:12:05Z\" level=error msg=\"exit status 1\""]);
});

test.run();

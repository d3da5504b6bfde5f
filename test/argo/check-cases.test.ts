/**
 * The workflows with one fault each: what `argo lint` of 4.1.2 was recorded to say of them, and what the checker says. Whatever lint
 * refuses, the checker must refuse; and it must find the fault of those that lint lets pass.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { check, placed, recorded } from "./corpora.ts";

/** What is found, by case, as `code:line`. */
const expected: Readonly<Record<string, readonly string[]>> = {
  "r01-no-entrypoint": ["HMC8011:5"],
  "r02-entrypoint-undefined": ["HMC8012:6"],
  "r03-template-undefined": ["HMC8012:14"],
  "r04-unknown-field": ["HMC8006:16"],
  "r05-two-types": ["HMC8014:16"],
  "r06-no-type": ["HMC8014:16"],
  "r07-dup-task": ["HMC8015:13"],
  "r08-bad-task-name": ["HMC8016:13"],
  "r09-dup-template": ["HMC8015:21"],
  "r10-dep-undefined": ["HMC8101:15"],
  "r11-cycle": ["HMC8102:13"],
  "r12-depends-and-dependencies": ["HMC8036:18"],
  "r13-continueOn-with-depends": ["HMC8036:13"],
  "r14-bad-task-result": ["HMC8103:15"],
  "r15-anysucceeded-noloop": ["HMC8104:15"],
  "r16-missing-arg": ["HMC8106:12", "HMC8106:14"],
  "r17-arg-novalue": ["HMC8038:15", "HMC8038:21"],
  "r18-unresolved-ref": ["HMC8108:22"],
  "r19-ref-nondep": ["HMC8109:22"],
  "r20-ref-undefined-output": ["HMC8110:23"],
  "r21-bad-param-name": ["HMC8016:23"],
  "r22-two-loops": ["HMC8035:15"],
  "r23-count-end": ["HMC8035:15"],
  "r24-out-novaluefrom": ["HMC8021:23"],
  "r25-out-nopath": ["HMC8021:24"],
  "r26-dagout-path": ["HMC8021:20"],
  "r27-art-nopath": ["HMC8022:23"],
  "r28-dagart-path": ["HMC8023:19"],
  "r29-art-missing": ["HMC8106:12", "HMC8106:14"],
  "r30-mount-collision": ["HMC8025:27"],
  "r31-timeout-on-dag": ["HMC8020:16"],
  "r32-timeout-int": ["HMC8305:21"],
  "r33-ads-on-dag": ["HMC8020:16"],
  "r34-parallelism-on-leaf": ["HMC8020:21"],
  "r35-retrypolicy": ["HMC8010:23"],
  "r36-enum": ["HMC8040:24"],
  "r37-image-empty": ["HMC8026:18"],
  "r38-hook-noexpr": ["HMC8028:14"],
  "r39-from-in-inputs": ["HMC8106:12", "HMC8106:14", "HMC8023:25", "HMC8116:25"],
  "r40-name-too-long": ["HMC8402:4"],
  "r41-name-digit": ["HMC8017:11"],
  "r42-int-param-value": ["HMC8302:24", "HMC8302:26", "HMC8302:28"],
  "r43-obj-param-value": ["HMC8301:25"],
  "r44-quantity-template": ["HMC8304:23"],
  "r45-bad-expr-syntax": ["HMC8201:16"],
  "r46-bad-expr-ref": ["HMC8202:16"],
  "r47-bad-govaluate": ["HMC8205:16"],
  "r48-loop-artifact": ["HMC8113:21"],
  "r49-dag-empty": ["HMC8018:9"],
  "r50-two-locations": ["HMC8030:27"],
  "r51-unused-arg": ["HMC8107:15"],
  "r52-keyword-task": ["HMC8017:11"],
  "r53-missing-volume": ["HMC8029:22"],
  "r54-metrics-nohelp": ["HMC8007:24"],
  "r55-201-tasks": ["HMC8401:10"],
  "r56-onexit-undefined": ["HMC8012:21"],
  "r57-podgc": ["HMC8010:22"],
  "r58-schedule-v3": ["HMC8404:6"],
  "r59-bad-cron": ["HMC8041:7"],
  "r60-bad-tz": ["HMC8042:8"],
  "r61-cron-name": ["HMC8402:4"],
  "r62-cron-missing-arg": ["HMC8038:26"],
  "r63-mutex-v3": ["HMC8404:22"],
  "r64-inline-in-inline": ["HMC8037:16"],
  "r65-arg-valuefrom-expr": ["HMC8039:17", "HMC8039:25"],
  "r66-arg-fromexpression": ["HMC8038:16", "HMC8202:16", "HMC8038:23", "HMC8202:23"],
  "r67-inputs-noargs-jsonall": ["HMC8108:22"],
  "r68-reserved-sidecar": ["HMC8027:22"],
  "r69-target": ["HMC8019:16"],
  "r70-path-traversal": ["HMC8024:24"],
  "r71-workflow-param-undefined": ["HMC8108:22"],
  "r72-unknown-prefix": ["HMC8116:22", "HMC8116:22"],
  "r73-status-of-nonancestor": ["HMC8109:18"],
};

/** Cases of which the checker only warns or tells: what they do is not certainly wrong. */
const mild = new Set(["r42-int-param-value", "r51-unused-arg", "r64-inline-in-inline", "r72-unknown-prefix"]);

interface Verdict {
  case: string;
  exit: 0 | 1;
  message: string | null;
}

if (recorded !== undefined) {
  const folder = join(recorded, "lint");
  const verdicts = JSON.parse(readFileSync(join(folder, "expected-v4.1.2.json"), "utf8")) as Verdict[];
  for (const { case: name, exit, message } of verdicts) {
    test(`${name}: ${exit === 0 ? "lint lets it pass" : (message ?? "")}`, () => {
      const found = check(readFileSync(join(folder, "cases", `${name}.yaml`), "utf8"));
      console.log(`${name.padEnd(30)} lint: ${(exit === 0 ? "passes" : "refuses").padEnd(8)} hmc: ${placed(found).join(" ")}`);
      assert.equal(placed(found), expected[name]);
      if (exit === 1 || !mild.has(name)) assert.ok(found.some(({ severity }) => severity === "error"));
      else assert.ok(found.length > 0);
    });
  }

  test("all 73 cases are there", () => {
    assert.equal(verdicts.map((verdict) => verdict.case), Object.keys(expected));
    assert.is(verdicts.filter(({ exit }) => exit === 0).length, 15);
  });
} else test("skipped: the recorded cases are absent", () => assert.is(recorded, undefined));

test.run();

/**
 * Workflows that run are free of findings, and those that Argo was recorded to hang or fail on for a reason that stands in the file are not.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { check, placed, recorded, yamlFiles } from "./corpora.ts";

const keyword = ["and", "contains", "else", "false", "if", "in", "let", "matches", "nil", "not", "or", "true"];

/** What is found in the recorded patterns; in all others nothing is. */
const patterns: Readonly<Record<string, readonly string[]>> = {
  "04-flat-phi": ["HMC8111:27"],
  "04x-use-direct": ["HMC8111:19"],
  "05c-loop-allskipped": ["HMC8112:26", "HMC8112:30"],
  "05d-loop-allskipped-direct": ["HMC8112:26", "HMC8112:30"],
  "05e-loop-allskipped-default": ["HMC8112:26", "HMC8112:30"],
  "11-1a": ["HMC8017:1"],
  ...Object.fromEntries(keyword.map((name) => [`11-${name}`, ["HMC8017:1"]])),
  "12a-dagout-exprfail": ["HMC8114:11"],
  "12c-expr-braces-bad": ["HMC8204:14"],
  "20a-art-loop": ["HMC8113:11"],
  "20d-art-phi-noneran": ["HMC8114:19"],
  "30c-param-outfail-hang": ["HMC8114:18"],
  "80-misc": ["HMC8303:7", "HMC8301:7", "HMC8301:7", "HMC8303:7", "HMC8303:7"],
  "81-names": ["HMC8203:14"],
  "91-endsWith": ["HMC8017:10"],
  "91-startsWith": ["HMC8017:10"],
  "lintgap-r38-hook-noexpr": ["HMC8028:14"],
  "lintgap-r45-bad-expr-syntax": ["HMC8201:16"],
  "lintgap-r46-bad-expr-ref": ["HMC8202:16"],
  "lintgap-r47-bad-govaluate": ["HMC8205:16"],
  "lintgap-r51-unused-arg": ["HMC8107:15"],
  "lintgap-r53-missing-volume": ["HMC8029:22"],
  "lintgap-r64-inline-in-inline": ["HMC8037:16"],
};

/** Patterns that hang or fail for a reason that no file shows: values of the run, service accounts, pods that fail on purpose. */
const atRunTime = /^(?:06[abeh]|10-(?:bell|ctrl|del|emojiflag|workflow-onexit)|15-infra|16-|44-misc-loop|40-|41-|31-)/;

/** Examples that lint accepts of which the checker warns, rightly: arguments that nobody reads, and steps that may be skipped. */
const warned: Readonly<Record<string, readonly string[]>> = {
  "fibonacci-seq-conditional-param": ["HMC8111:87"],
  "parameter-aggregation-dag": ["HMC8112:54"],
  "parameter-aggregation": ["HMC8112:49"],
  "synchronization-db-mutex-tmpl-level": ["HMC8107:18", "HMC8107:26"],
  "synchronization-db-tmpl-level": ["HMC8107:20"],
  "synchronization-mutex-tmpl-level": ["HMC8107:18", "HMC8107:26"],
  "synchronization-tmpl-level": ["HMC8107:26"],
};

const serious = (text: string): string[] => placed(check(text).filter(({ severity }) => severity !== "info"));

if (recorded !== undefined) {
  const data: string = recorded;
  test("nothing is found in the patterns by which hmc lowers", () => {
    const files = yamlFiles(join(data, "lowering"));
    assert.ok(files.length >= 17);
    assert.equal(files.flatMap(({ name, text }) => check(text).map(({ code }) => `${name} ${code}`)), []);
  });

  test("what is found in the recorded patterns", () => {
    const files = yamlFiles(join(data, "sim/patterns"));
    assert.ok(files.length >= 120);
    const found = files.map(({ name, text }) => [name, serious(text)] as const).filter(([, codes]) => codes.length > 0);
    assert.equal(Object.fromEntries(found), Object.fromEntries(Object.entries(patterns).sort(([left], [right]) => (left < right ? -1 : 1))));
  });

  test("every pattern that hangs or fails, and could be known to, is found", () => {
    for (const { name, text } of yamlFiles(join(data, "sim/patterns"))) {
      const file = join(data, `sim/v4.1.2/${name}.json`);
      if (!existsSync(file) || atRunTime.test(name)) continue;
      const { phase, hung } = JSON.parse(readFileSync(file, "utf8")) as { phase: string; hung: boolean };
      if (hung || phase !== "Succeeded") assert.ok(check(text).some(({ severity }) => severity !== "info"), `${name} is ${hung ? "hung" : phase}`);
    }
  });

  test("the recorded examples have no errors", () => {
    const files = yamlFiles(join(data, "sim/examples"));
    assert.ok(files.length >= 40);
    const errors = files.flatMap(({ name, text }) => check(text).filter(({ severity }) => severity === "error").map(({ code, message }) => `${name} ${code} ${message}`));
    assert.equal(errors, []);
  });

  const examples = process.env["ARGO_EXAMPLES"];
  if (examples === undefined) console.error("SKIPPED: ARGO_EXAMPLES does not name the folder examples/ of argo-workflows v4.1.2.");
  else {
    test("Argo's own examples, by the verdict of lint", () => {
      const verdicts = JSON.parse(readFileSync(join(data, "lint/examples-v4.1.2.json"), "utf8")) as Record<string, { ok: boolean }>;
      const found: Record<string, string[]> = {};
      for (const { name, text } of yamlFiles(examples)) {
        const codes = serious(text);
        if (verdicts[`${name}.yaml`]?.ok === true && codes.length > 0) found[name] = codes;
      }
      assert.equal(found, warned);
    });
  }
} else test("skipped: the recorded patterns are absent", () => assert.is(recorded, undefined));

test.run();

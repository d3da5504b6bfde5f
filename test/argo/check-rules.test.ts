/** Rules of the checker that no recorded case shows: files together, versions, steps, hooks, plain objects. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkArgo, findings } from "../../compiler/targets/argo/check/check.ts";
import { coverAll } from "../../compiler/targets/argo/check/exhaustive.ts";
import { readArgo } from "../../compiler/targets/argo/check/read.ts";
import { findingsOf } from "./page-blocks.ts";

const codes = (block: string, version?: "3.6" | "3.7" | "4.0" | "4.1"): string[] => findingsOf(block, version).map(({ code }) => code);

const work = "- name: work\n  container: {image: alpine, command: [ls]}\n";
const make = "- name: make\n  container: {image: alpine, command: [ls]}\n  outputs: {parameters: [{name: rows, valueFrom: {path: /tmp/rows}}]}\n";
const greet = "- name: greet\n  inputs: {parameters: [{name: who}]}\n  container: {image: alpine, command: [echo, '{{inputs.parameters.who}}']}\n";
const dag = (...tasks: string[]): string => `templates:\n- name: main\n  dag:\n    tasks:\n${tasks.map((task) => `    - ${task}\n`).join("")}`;
const read = (value: string): string => `arguments: {parameters: [{name: who, value: "${value}"}]}`;

const library = `apiVersion: argoproj.io/v1alpha1\nkind: WorkflowTemplate\nmetadata: {name: lib}\nspec:\n  templates:\n  - name: greet\n    inputs: {parameters: [{name: who}]}\n    container: {image: alpine, command: [ls]}\n`;
const caller = (template: string, argument: string): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {generateName: x-}\nspec:\n  entrypoint: main\n  templates:\n  - name: main\n    dag:\n      tasks:\n      - {name: a, templateRef: {name: lib, template: ${template}}, arguments: {parameters: [{name: ${argument}, value: x}]}}\n`;

test("templates of other files: found, misspelled, called wrongly, or not at hand", () => {
  const together = (...texts: string[]): string[] => checkArgo(texts.flatMap((text, index) => readArgo(text, `${index}.yaml`).documents)).map(({ code }) => code);
  assert.equal(together(caller("greet", "who"), library), []);
  assert.equal(together(caller("gret", "who"), library), ["HMC8012"]);
  assert.equal(together(caller("greet", "whom"), library).sort(), ["HMC8106", "HMC8107"]);
  assert.equal(together(caller("greet", "who")), ["HMC8013"]);
  assert.equal(together(`${caller("greet", "who")}---\n${library}`), []);
});

test("a library may be used from other namespaces only by its own name", () => {
  const placed = library.replace("name: lib", "name: lib, namespace: ml");
  const all = checkArgo([...readArgo(caller("greet", "who"), "a.yaml").documents, ...readArgo(placed, "b.yaml").documents]);
  assert.equal(all.map(({ code }) => code), ["HMC8013"]);
});

test("dependencies hold no tags: the linter takes the names in them for tasks", () => {
  assert.equal(codes(dag("{name: a, template: work}", "{name: b, template: work, depends: '{{tasks.a.status}}'}") + work), ["HMC8105"]);
});

test("a conditional loop whose template has no such output", () => {
  const loop = "{name: each, template: work, withItems: [1, 2], when: '{{item}} > 1'}";
  assert.equal(codes(dag(loop, `{name: b, template: greet, depends: each, ${read("{{tasks.each.outputs.parameters.rows}}")}}`) + work + greet), ["HMC8110"]);
  assert.equal(codes(dag(loop.replace("work", "make"), `{name: b, template: greet, depends: each, ${read("{{tasks.each.outputs.parameters.rows}}")}}`) + make + greet), ["HMC8112"]);
});

test("fields by version", () => {
  const cap = "templates:\n- name: main\n  retryStrategy: {limit: 2, backoff: {duration: 5s, cap: 1m}}\n  container: {image: alpine, command: [ls]}\n";
  assert.equal(codes(cap, "3.6"), ["HMC8403"]);
  assert.equal(codes(cap, "3.7"), []);
  const mutex = "templates:\n- name: main\n  synchronization: {mutex: {name: m}}\n  container: {image: alpine, command: [ls]}\n";
  assert.equal(codes(mutex, "3.7"), []);
  assert.equal(codes(mutex, "4.0"), ["HMC8404"]);
  const cron = (field: string): string => `apiVersion: argoproj.io/v1alpha1\nkind: CronWorkflow\nmetadata: {name: c}\nspec:\n  ${field}\n  workflowSpec:\n    entrypoint: main\n    templates:\n    - {name: main, container: {image: alpine, command: [ls]}}\n`;
  assert.equal(codes(cron("schedule: 0 1 * * *"), "3.7"), []);
  assert.equal(codes(cron("schedule: 0 1 * *"), "3.7"), ["HMC8041"]);
  assert.equal(codes(cron("schedule: 0 1 * * *"), "4.1"), ["HMC8404"]);
  assert.equal(codes(cron("suspend: false"), "3.7"), ["HMC8007"]);
  assert.equal(codes(cron("suspend: false"), "4.1"), ["HMC8007"]);
});

test("limits that only the full CRDs have", () => {
  const many = dag(...Array.from({ length: 201 }, (_, index) => `{name: t${index}, template: work}`)) + work;
  assert.equal(codes(many, "3.7"), []);
  assert.equal(codes(many, "4.0"), ["HMC8401"]);
});

test("schedules as robfig/cron reads them", () => {
  const cron = (schedule: string): string[] =>
    codes(`apiVersion: argoproj.io/v1alpha1\nkind: CronWorkflow\nmetadata: {name: c}\nspec:\n  schedules: ["${schedule}"]\n  workflowSpec:\n    entrypoint: main\n    templates:\n    - {name: main, container: {image: alpine, command: [ls]}}\n`);
  for (const valid of ["*/5 0-6/2 1,15 jan-mar MON", "@daily", "@every 1h30m", "0 0 ? * 0", "TZ=Europe/Rome 0 1 * * *", "59 23 31 12 6"]) assert.equal(cron(valid), [], valid);
  for (const wrong of ["60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 7", "5-1 * * * *", "*/0 * * * *", "* * * * mon-foo", "@often", "@every soon", ""]) assert.equal(cron(wrong), ["HMC8041"], wrong);
});

test("skipped tasks: who asks first, or falls back, hears nothing", () => {
  const skippable = '{name: a, template: make, when: "{{workflow.name}} == x"}';
  const after = (value: string, more = ""): string => `${dag(skippable, `{name: b, template: greet, depends: a.Succeeded || a.Skipped${more}, ${read(value)}}`)}${make}${greet}`;
  assert.equal(codes(after("{{tasks.a.outputs.parameters.rows}}")), ["HMC8111"]);
  assert.equal(codes(after("{{= tasks['a'].outputs.parameters.rows }}")), ["HMC8111"]);
  assert.equal(codes(after("{{= tasks['a'].status == 'Succeeded' ? tasks['a'].outputs.parameters.rows : '' }}")), []);
  assert.equal(codes(after("{{= tasks['a'].outputs?.parameters?.rows ?? '' }}")), []);
  assert.equal(codes(`${dag(skippable, `{name: b, template: greet, depends: a.Succeeded, ${read("{{tasks.a.outputs.parameters.rows}}")}}`)}${make}${greet}`), []);
  assert.equal(codes(`${dag(skippable, `{name: b, template: greet, depends: a, ${read("{{tasks.a.outputs.parameters.rows}}")}}`)}${make}${greet}`), ["HMC8111"]);
});

test("what is surely there: through others, through both sides of an or", () => {
  const chain = (depends: string): string[] =>
    codes(`${dag("{name: a, template: make}", "{name: b, template: work, depends: a.Succeeded}", "{name: c, template: work, depends: a.Succeeded}", `{name: d, template: greet, depends: "${depends}", ${read("{{tasks.a.outputs.parameters.rows}}")}}`)}${make}${greet}${work}`);
  assert.equal(chain("b.Succeeded"), []);
  assert.equal(chain("b.Succeeded || c.Failed"), []);
  assert.equal(chain("b.Succeeded || a.Failed"), ["HMC8111"]);
  assert.equal(chain("b.Omitted"), ["HMC8111"]);
});

test("a fallback helps only on versions that look for it", () => {
  const block = `${dag('{name: a, template: make, when: "{{workflow.name}} == x"}', `{name: b, template: greet, depends: a, ${read("{{tasks.a.outputs.parameters.rows}}")}}`)}${make}${greet.replace("{name: who}", '{name: who, default: "0"}')}`;
  assert.equal(codes(block, "4.1"), []);
  assert.equal(codes(block, "3.6"), ["HMC8111"]);
});

test("steps see earlier groups, not their own", () => {
  const steps = (first: string, second: string): string[] => codes(`templates:\n- name: main\n  steps:\n  - - {name: a, template: make}\n${first}  - - ${second}\n${make}${greet}`);
  assert.equal(steps("", `{name: b, template: greet, ${read("{{steps.a.outputs.parameters.rows}}")}}`), []);
  assert.equal(steps(`    - {name: c, template: greet, ${read("{{steps.a.outputs.parameters.rows}}")}}\n`, "{name: b, template: make}"), ["HMC8109"]);
  assert.equal(steps("", `{name: b, template: greet, ${read("{{tasks.a.outputs.parameters.rows}}")}}`), ["HMC8108"]);
});

test("hooks see the task that they belong to", () => {
  const hook = (value: string): string[] => codes(`${dag(`{name: a, template: make, hooks: {exit: {template: greet, ${read(value)}}}}`)}${make}${greet}`);
  assert.equal(hook("{{tasks.a.status}}"), []);
  assert.equal(hook("{{= tasks['a'].outputs?.parameters?.rows ?? 'none' }}"), []);
  assert.equal(hook("{{tasks.b.status}}"), ["HMC8108"]);
});

test("workflow.failures is known in exit handlers", () => {
  const handler = (onExit: string): string[] => codes(`${onExit}templates:\n- name: main\n  container: {image: alpine, command: [ls]}\n- name: bye\n  container: {image: alpine, command: [echo, '{{workflow.failures}}']}\n`);
  assert.equal(handler("onExit: bye\n"), []);
  assert.equal(handler(""), ["HMC8108"]);
});

test("the time of a schedule is known only where there is one", () => {
  assert.equal(codes("templates:\n- name: main\n  container: {image: alpine, command: [echo, '{{workflow.scheduledTime}}']}\n"), ["HMC8116"]);
});

test("functions of Argo, of expr-lang and of sprig", () => {
  const call = (expression: string): string[] => codes(`templates:\n- name: main\n  container: {image: alpine, command: [echo, "{{= ${expression} }}"]}\n`);
  for (const fine of ["sprig.trim(workflow.name)", "sprig.semver(workflow.name)", "jsonpath(workflow.name, '$.a')", "toJson({'a': [1] })", "map([1], # + 1)"]) assert.equal(call(fine), [], fine);
  assert.equal(call("sprig.trimm(workflow.name)"), ["HMC8207"]);
  assert.equal(call("sprig.env('HOME')"), ["HMC8207"]);
  assert.equal(call("split(workflow.name)"), ["HMC8210"]);
});

test("items: of scalars, of maps, of a range, of a list that only the run knows", () => {
  const loop = (over: string, value: string): string[] => codes(`${dag(`{name: a, template: greet, ${over}, ${read(value)}}`)}${greet}`);
  assert.equal(loop("withItems: [a, b]", "{{item}}"), []);
  assert.equal(loop("withItems: [a, b]", "{{item.x}}"), ["HMC8118"]);
  assert.equal(loop("withItems: [{x: 1}]", "{{item.x}}"), []);
  assert.equal(loop("withSequence: {count: 3}", "{{item.x}}"), ["HMC8118"]);
  assert.equal(loop(`withParam: "{{workflow.name}}"`, "{{item.x}}"), []);
  assert.equal(loop(`withParam: "{{item}}"`, "{{item}}"), ["HMC8115"]);
});

test("types in expressions", () => {
  const when = (expression: string): string[] => codes(`arguments: {parameters: [{name: depth, value: "4"}]}\n${dag(`{name: a, template: work, when: "{{= ${expression} }}"}`)}${work}`);
  for (const fine of ["asInt(workflow.parameters.depth) > 3", "workflow.parameters.depth in ['1', '2']", "len(fromJSON(workflow.parameters.depth)) == 0", "workflow.parameters.depth == 'true'", "workflow.parameters.depth matches '^a'", "asFloat(workflow.parameters.depth) * 2 < 8.5", "workflow.parameters.depth != nil"]) assert.equal(when(fine), [], fine);
  for (const wrong of ["workflow.parameters.depth > 3", "workflow.parameters.depth + 1 == 2", "workflow.parameters.depth && true", "!workflow.parameters.depth", "workflow.parameters.depth ? true : false"]) assert.equal(when(wrong), ["HMC8206"], wrong);
  assert.equal(when("workflow.parameters.depth == true"), ["HMC8209"]);
  assert.equal(when("[1]"), ["HMC8208"]);
  assert.equal(when("toInt(workflow.parameters.depth) == 1"), ["HMC8207"]);
});

test("conditions cover all cases, or surely not", () => {
  assert.ok(coverAll(["{{= x > 10 }}", "{{= !(x > 10) && y }}", "{{= !(x > 10) && !y }}"]));
  assert.ok(coverAll(["{{= a == 'x' }}", "{{= a != 'x' }}"]));
  assert.ok(coverAll(["{{= a >= 3 }}", "{{= a < 3 }}"]));
  assert.ok(coverAll(["{{= a > 3 }}", "{{= a <= 2 }}"]), "logic alone cannot tell");
  assert.ok(coverAll(["{{workflow.name}} == x", "false"]), "govaluate is not looked into");
  assert.not.ok(coverAll(["false", "false"]));
  assert.not.ok(coverAll(["{{= a }}", "{{= !a && b }}"]));
});

test("plain objects are checked without places, and findings have paths", () => {
  const value = { apiVersion: "argoproj.io/v1alpha1", kind: "Workflow", metadata: { generateName: "x-" }, spec: { entrypoint: "main", templates: [{ name: "main", container: { image: "alpine", command: ["ls"], args: ["{{inputs.parameters.x}}"] } }] } };
  const [finding, ...more] = findings([{ value }], { version: "4.0" });
  assert.equal(more, []);
  assert.is(finding?.diagnostic.code, "HMC8108");
  assert.is(finding?.diagnostic.span, undefined);
  assert.equal(finding?.path, ["spec", "templates", 0, "container", "args", 0]);
  assert.equal(checkArgo([{ value }]).map(({ code }) => code), ["HMC8108"]);
});

test("whatever a document holds, the checker ends", () => {
  for (const value of [null, 5, "x", [], {}, { kind: "Workflow" }, { kind: "Workflow", apiVersion: "argoproj.io/v1alpha1", metadata: 3, spec: [] }, { kind: "Workflow", spec: { templates: [3, null, { dag: { tasks: [null, 7, { name: 5, arguments: [], depends: 3 }] }, steps: [[[]], 5] }], arguments: { parameters: [null, { name: {} }] } } }]) {
    assert.ok(Array.isArray(checkArgo([{ value }])), JSON.stringify(value));
  }
});

test("fixes are applied to what is written", () => {
  const text = "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {generateName: x-}\nspec:\n  entrypoint: main\n  templates:\n  - name: main\n    Container: {image: alpine, command: [echo, '{{= {\"a\": {\"b\": 1}} }}']}\n";
  const fixed = readArgo(text, "x.yaml").documents.flatMap((document) => checkArgo([document])).flatMap(({ fix }) => fix?.edits ?? []).sort((left, right) => right.span.start - left.span.start).reduce((now, { span, newText }) => now.slice(0, span.start) + newText + now.slice(span.end), text);
  assert.match(fixed, "    container: ");
});

test.run();

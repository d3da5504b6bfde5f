/** What is too large for the cluster, and templates that move into libraries (reference argo.md 2.13, 4.3). */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { withLibraries } from "../../compiler/targets/argo/library.ts";
import { checkSizes, sizesOf } from "../../compiler/targets/argo/sizes.ts";
import type { Manifest, Template } from "../../compiler/targets/argo/spec.ts";
import { pipeline } from "../kfp/documents.ts";
import { buildOf } from "./emit-options.ts";

const of = (templates: Template[]): Manifest[] => [{ apiVersion: "argoproj.io/v1alpha1", kind: "Workflow", metadata: { generateName: "x-", labels: { a: "b" } }, spec: { entrypoint: "main", onExit: "end", templates } }];

function codes(templates: Template[]): string[] {
  const build = buildOf();
  checkSizes(build, pipeline("train", []), of(templates));
  return build.diagnostics.map(({ code }) => code);
}

const calling = (value: string): Template[] => [{ name: "main", dag: { tasks: [{ name: "a", template: "leaf", arguments: { parameters: [{ name: "x", value }] } }] } }];

test("large texts: a warning, then an error", () => {
  assert.equal(codes(calling("x".repeat(8 * 1024))), []);
  assert.equal(codes(calling("x".repeat(8 * 1024 + 1))), ["HMC4155"]);
  assert.equal(codes(calling("ä".repeat(70_000))), ["HMC4151"]);
  assert.equal(codes([{ name: "leaf", container: { image: "i", args: ["x".repeat(140_000)] } }]), ["HMC4151"]);
});

test("objects that etcd does not take, and templates with too many inputs", () => {
  assert.equal(codes(Array.from({ length: 200 }, (_, number) => ({ name: `t${number}`, container: { image: "i", args: ["x".repeat(8000)] } }))), ["HMC4152"]);
  assert.equal(codes([{ name: "leaf", inputs: { parameters: Array.from({ length: 501 }, (_, number) => ({ name: `p${number}` })) } }]), ["HMC4153"]);
});

test("nodes are counted as often as templates are called; too many are a warning", () => {
  const tower: Template[] = Array.from({ length: 5 }, (_, level) => ({ name: level === 0 ? "main" : `l${level}`, dag: { tasks: Array.from({ length: 9 }, (_, number) => ({ name: `t${number}`, template: `l${level + 1}` })) } }));
  assert.is(sizesOf(of([...tower, { name: "l5", container: { image: "i" } }])).nodes, 1 + 9 + 81 + 729 + 6561 + 59049);
  assert.equal(codes(tower), ["HMC4154"]);
  assert.is(sizesOf(of([{ name: "main", dag: { tasks: [{ name: "again", template: "main" }] } }])).nodes, 2);
});

test("templates of components move into libraries; what calls them refers to these", () => {
  const leaves = Array.from({ length: 9 }, (_, number): Template => ({ name: `c${number}`, container: { image: "i" } }));
  const main: Template = { name: "main", dag: { tasks: leaves.map(({ name }) => ({ name, template: name, hooks: { exit: { template: "c8" } } })) } };
  const end: Template = { name: "end", container: { image: "i" } };
  const manifests = withLibraries(of([main, end, ...leaves]), 4, (number) => `lib-${number}`);
  assert.equal(manifests.map(({ kind, metadata, spec }) => [kind, metadata.name, (spec["templates"] as Template[]).map(({ name }) => name)]), [
    ["WorkflowTemplate", "lib-1", ["c2", "c3", "c4", "c5"]],
    ["WorkflowTemplate", "lib-2", ["c6", "c7", "c8"]],
    ["Workflow", undefined, ["main", "end", "c0", "c1"]],
  ]);
  const tasks = (manifests[2]?.spec["templates"] as Template[])[0]?.dag?.tasks;
  assert.equal(tasks?.[1], { name: "c1", template: "c1", hooks: { exit: { templateRef: { name: "lib-2", template: "c8" } } } });
  assert.equal(tasks?.[2], { name: "c2", templateRef: { name: "lib-1", template: "c2" }, hooks: { exit: { templateRef: { name: "lib-2", template: "c8" } } } });
  assert.equal(withLibraries(of([main, end]), 4, String), of([main, end]));
});

const dag = (name: string, ...callees: string[]): Template => ({ name, dag: { tasks: callees.map((callee) => ({ name: callee, template: callee })) } });

test("DAGs move after all that they call; a recursion moves as a whole, and what reaches the entrypoint stays", () => {
  const leaf: Template = { name: "leaf", container: { image: "i" } };
  const templates = [dag("main", "a", "back"), dag("a", "b", "leaf"), dag("b", "c"), dag("c", "b", "leaf"), dag("back", "main", "leaf"), leaf];
  const manifests = withLibraries([{ apiVersion: "argoproj.io/v1alpha1", kind: "Workflow", metadata: {}, spec: { entrypoint: "main", templates } }], 2, (number) => `lib-${number}`);
  const calls = ({ dag: inner }: Template) => inner?.tasks.map((task) => task.template ?? `${task.templateRef?.name}/${task.templateRef?.template}`);
  assert.equal(manifests.map(({ metadata, spec }) => [metadata.name, (spec["templates"] as Template[]).map((template) => [template.name, calls(template)])]), [
    ["lib-1", [["leaf", undefined]]],
    ["lib-2", [["b", ["c"]], ["c", ["b", "lib-1/leaf"]]]],
    ["lib-3", [["a", ["lib-2/b", "lib-1/leaf"]]]],
    [undefined, [["main", ["lib-3/a", "back"]], ["back", ["main", "lib-1/leaf"]]]],
  ]);
});

test("a recursion that is larger than an object is an error from Argo 4.0 on", () => {
  const circle = Array.from({ length: 201 }, (_, number) => dag(`t${number}`, `t${(number + 1) % 201}`));
  assert.equal(codes(circle), ["HMC4156"]);
  const build = buildOf();
  checkSizes({ ...build, version: "3.7" }, pipeline("train", []), of(circle));
  assert.equal(build.diagnostics, []);
});

test.run();

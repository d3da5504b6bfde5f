import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseImage } from "../../compiler/rules/image-reference.ts";
import { image } from "../../compiler/rules/image.ts";
import type { TaskOptions } from "../../compiler/ir/types.ts";
import { documentOf, op, pipeline, task } from "./documents.ts";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

test("references are taken apart as registries do", () => {
  assert.equal(parseImage("alpine"), { repository: "alpine" });
  assert.equal(parseImage("alpine:3.20"), { repository: "alpine", tag: "3.20" });
  assert.equal(parseImage("localhost:5000/demo"), { repository: "localhost:5000/demo" });
  assert.equal(parseImage("localhost:5000/demo:v1_2-rc.3"), { repository: "localhost:5000/demo", tag: "v1_2-rc.3" });
  assert.equal(parseImage(`ghcr.io/a/b__c.d-e@${digest}`), { repository: "ghcr.io/a/b__c.d-e", digest });
  assert.equal(parseImage(`ghcr.io/a/b:1@${digest}`), { repository: "ghcr.io/a/b", tag: "1", digest });
  assert.equal(parseImage("Registry.Acme.com/a"), { repository: "Registry.Acme.com/a" });
  assert.equal(parseImage("[::1]:5000/a:1"), { repository: "[::1]:5000/a", tag: "1" });
});

test("what no registry takes is named", () => {
  const problems: [string, string][] = [
    ["", "it is empty"],
    ["a b", "white space"],
    ["https://ghcr.io/a", 'begins with "https://"'],
    ["ghcr.io/Acme/demo", '"Acme" has upper-case letters'],
    ["Demo", '"Demo" has upper-case letters'],
    ["a:", "the tag is empty"],
    ["a:-x", '"-x" is no tag'],
    [`a:${"t".repeat(129)}`, "is no tag"],
    ["a@sha256:12", "is no digest"],
    [`a@${digest}@${digest}`, "is no digest"],
    ["a//b", "between slashes is empty"],
    ["a/", "between slashes is empty"],
    ["a..b/c", "is no registry"],
    ["x/a___b", '"a___b" cannot be part'],
  ];
  for (const [text, problem] of problems) {
    const parsed = parseImage(text);
    assert.ok("problem" in parsed && parsed.problem.includes(problem), `${text}: ${JSON.stringify(parsed)}`);
  }
});

const checked = (options: TaskOptions) => image.check(documentOf([pipeline("demo", [task("a")])], [op("a", options)], {})).map((one) => one.code);

test("an image on any layer is enough", () => {
  const ok: TaskOptions = { image: "a/b:1" };
  assert.equal(checked({}), ["HMC3020"]);
  assert.equal(checked(ok), []);
  assert.equal(image.check(documentOf([pipeline("demo", [task("a")])], [op("a")], ok)), []);
  assert.equal(image.check(documentOf([pipeline("demo", [task("a")], { defaults: ok })], [op("a")], {})), []);
  assert.equal(image.check(documentOf([pipeline("demo", [task("a", {}, [], ok)])], [op("a")], {})), []);
});

test("an op without an image is reported once in a pipeline, with its calls", () => {
  const [found, ...others] = image.check(documentOf([pipeline("demo", [task("a"), task("a-2"), task("a-3", {}, [], { image: "a/b:1" })])], [op("a")], {}));
  assert.is(others.length, 0);
  assert.is(found?.related.length, 2);
});

test("neither sub-pipelines nor importers need an image", () => {
  const document = documentOf([pipeline("inner", [task("a")]), pipeline("outer", [{ ...task("inner"), target: { kind: "pipeline", id: "inner" } }])], [op("a", { image: "a/b:1" })], {});
  document.components["importer"] = { kind: "importer", id: "importer", name: "importer", inputs: {}, outputs: {}, reimport: false, metadata: {}, downloadToWorkspace: false, span: document.components["a"]!.span };
  document.pipelines["inner"]!.body.nodes.push(task("importer"));
  assert.equal(image.check(document), []);
});

test("versions that move", () => {
  assert.equal(checked({ image: "a/b" }), ["HMC5003"]);
  assert.equal(checked({ image: "a/b:latest" }), ["HMC5003"]);
  assert.equal(checked({ image: `a/b:latest@${digest}` }), []);
  assert.equal(checked({ image: "a/b:main" }), []);
});

test.run();

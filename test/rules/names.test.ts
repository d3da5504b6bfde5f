import { test } from "uvu";
import * as assert from "uvu/assert";
import { emptyPipeline } from "../../compiler/rules/empty-pipeline.ts";
import { names } from "../../compiler/rules/names.ts";
import { constant, documentOf, loop, op, pipeline, span, task } from "./documents.ts";

test("two calls with one name are reported at both, also where one is inside a region", () => {
  const first = span();
  const second = span();
  const document = documentOf([pipeline("demo", [task("fit", {}, [], { spans: { name: first } }), loop("for-1", constant([1]), task("fit", {}, [], { spans: { name: second } }))])]);
  const [found, ...others] = names.check(document);
  assert.is(others.length, 0);
  assert.is(found?.code, "HMC3003");
  assert.equal(found?.span, second);
  assert.equal(found?.related.map((related) => related.span), [first]);
});

test("a task may not have the name of a region", () => {
  assert.equal(names.check(documentOf([pipeline("demo", [loop("for-1", constant([1]), task("fit")), task("for-1")])])).map((one) => one.code), ["HMC3003"]);
});

test("the same name in two pipelines is no collision", () => {
  assert.equal(names.check(documentOf([pipeline("one", [task("fit")]), pipeline("two", [task("fit")])])), []);
});

test("63 characters are allowed, 64 are not", () => {
  const check = (length: number) => names.check(documentOf([pipeline("p".repeat(length), [task("fit")])])).map((one) => one.code);
  assert.equal(check(63), []);
  assert.equal(check(64), ["HMC3006"]);
});

test("a task that is named after its op is reported once, at the op", () => {
  const long = "t".repeat(64);
  const found = names.check(documentOf([pipeline("demo", [task(long)])], [op(long)]));
  assert.equal(found.map((one) => [one.code, one.message.includes("of the op")]), [["HMC3006", true]]);
});

test("names that Kubernetes refuses", () => {
  for (const name of ["Train", "a_b", "a b", "-a", "a-", "a.b", "ä", ""]) {
    const named = { ...task("fit"), id: name };
    assert.equal(names.check(documentOf([pipeline("demo", [named])])).map((one) => one.code), ["HMC3007"], name);
  }
  for (const name of ["a", "0", "a-b-2", "a--b"]) {
    assert.equal(names.check(documentOf([pipeline("demo", [{ ...task("fit"), id: name }])])), [], name);
  }
});

test("a pipeline without tasks, also if it has an empty loop", () => {
  assert.equal(emptyPipeline.check(documentOf([pipeline("demo", [loop("for-1", constant([1]))])])).map((one) => one.code), ["HMC3008"]);
  assert.equal(emptyPipeline.check(documentOf([pipeline("demo", [loop("for-1", constant([1]), task("a"))])])), []);
});

test.run();

import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compareQuantities, parseQuantity, quantityValue } from "../../compiler/ir/quantity.ts";
import { resources } from "../../compiler/rules/resources.ts";
import type { TaskOptions } from "../../compiler/ir/types.ts";
import { documentOf, op, pipeline, span, task } from "./documents.ts";

test("quantities in their base unit", () => {
  const values: [string, number][] = [
    ["2", 2], ["0.5", 0.5], [".5", 0.5], ["1.", 1], ["500m", 0.5], ["1k", 1000], ["1Ki", 1024], ["1.5Gi", 1.5 * 1024 ** 3], ["2M", 2e6], ["1e3", 1000], ["1E3", 1000],
    ["12E-1", 1.2], ["1E", 1e18], ["-3", -3], ["+3", 3], ["100n", 1e-7], ["7u", 7e-6], ["1Ei", 1024 ** 6],
  ];
  for (const [text, value] of values) assert.is(quantityValue(text), value, text);
});

test("what is no quantity", () => {
  for (const text of ["", "Gi", "4GB", "4gi", "4 Gi", "1,5", "1e", "0x10", "4K", "--1", "1.2.3", "∞"]) assert.is(parseQuantity(text), undefined, text);
});

test("amounts below a billionth are rounded up, as in Kubernetes", () => {
  assert.is(parseQuantity("0.1n")?.nano, 1n);
});

test("order of quantities is that of their values, whatever the suffix", () => {
  const amount = fc.tuple(fc.integer({ min: 0, max: 5000 }), fc.constantFrom("", "m", "k", "M", "G", "Ki", "Mi", "Gi")).map(([count, suffix]) => `${count}${suffix}`);
  fc.assert(
    fc.property(amount, amount, (left, right) => {
      const order = Math.sign(compareQuantities(parseQuantity(left)!, parseQuantity(right)!));
      assert.is(order, Math.sign(quantityValue(left)! - quantityValue(right)!));
    }),
    { seed: 3 },
  );
});

const found = (options: TaskOptions) => resources.check(documentOf([pipeline("demo", [task("a")])], [op("a", options)]));
const codes = (options: TaskOptions) => found(options).map((one) => one.code);
const both = (value: string) => ({ request: value, limit: value });

test("right amounts pass", () => {
  assert.equal(codes({ cpu: both("500m"), memory: { request: "1Gi", limit: "2048Mi" }, accelerator: { type: "nvidia.com/gpu", count: 2 } }), []);
  assert.equal(codes({ cpu: { limit: "0.5" }, memory: { request: "1000000k" } }), []);
  assert.equal(codes({ volumes: [{ kind: "ephemeral", name: "x", mountPath: "/x", size: "10Gi", accessModes: [] }, { kind: "emptyDir", name: "y", mountPath: "/y", sizeLimit: "1Gi" }] }), []);
});

test("a single value, which is both request and limit, is reported once", () => {
  assert.equal(codes({ cpu: both("many") }), ["HMC3022"]);
  assert.equal(codes({ cpu: { request: "many", limit: "more" } }), ["HMC3022", "HMC3022"]);
});

test("usual slips are mended", () => {
  const where = span();
  const fixed = (memory: string) => found({ memory: both(memory), spans: { memory: where } })[0]?.fix?.edits[0]?.newText;
  assert.is(fixed("4GB"), '"4G"');
  assert.is(fixed("4gi"), '"4Gi"');
  assert.is(fixed("4 GiB"), '"4Gi"');
  assert.is(fixed("512 mb"), '"512M"');
  assert.is(fixed("64K"), '"64k"');
  assert.is(found({ cpu: both("2 cores"), spans: { cpu: where } })[0]?.fix?.edits[0]?.newText, '"2"');
  assert.is(fixed("lots"), undefined);
});

test("zero, less, and bytes as cores", () => {
  assert.equal(codes({ memory: both("0") }), ["HMC3022"]);
  assert.equal(codes({ cpu: both("-1") }), ["HMC3022"]);
  assert.equal(codes({ cpu: both("2Gi") }), ["HMC3022"]);
  assert.equal(codes({ volumes: [{ kind: "ephemeral", name: "x", mountPath: "/x", size: "big", accessModes: [] }] }), ["HMC3022"]);
});

test("a request above the limit, in any notation", () => {
  assert.equal(codes({ memory: { request: "2Gi", limit: "2G" } }), ["HMC3023"]);
  assert.equal(codes({ cpu: { request: "1001m", limit: "1" } }), ["HMC3023"]);
  assert.equal(codes({ cpu: { request: "1000m", limit: "1" } }), []);
});

test("amounts that nobody means", () => {
  const meant = (options: TaskOptions) => /Did you mean "(.*)"/.exec(found(options)[0]?.message ?? "")?.[1];
  assert.is(meant({ memory: both("512m") }), "512Mi");
  assert.is(meant({ memory: both("4") }), "4Gi");
  assert.is(meant({ cpu: both("2500") }), "2500m");
  assert.equal(codes({ cpu: both("96"), memory: both("1Mi") }), []);
});

test("the type of an accelerator", () => {
  assert.equal(codes({ accelerator: { type: "", count: 1 } }), ["HMC3034"]);
  assert.equal(codes({ accelerator: { type: "nvidia-tesla-t4", count: 1 } }), []);
});

test("the size of the workspace", () => {
  const check = (size: string) => resources.check(documentOf([pipeline("demo", [task("a")], { workspace: { size } })])).map((one) => one.code);
  assert.equal(check("10Gi"), []);
  assert.equal(check("10GB"), ["HMC3022"]);
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { diagnostic, type Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { applySuppressions, type SuppressionOptions } from "../../compiler/diagnostics/suppress.ts";
import { applyEdits, spanOf } from "./spans.ts";

const latest = (text: string, part = "IMAGE") => diagnostic("HMC5003", spanOf(text, part), { image: "x", problem: "has no tag" });
const unused = (text: string, part = "IMAGE") => diagnostic("HMC5002", spanOf(text, part), { parameter: "x", pipeline: "y" });

const apply = (text: string, given: Diagnostic[], options?: SuppressionOptions) => applySuppressions(given, new Map([["pipeline.ts", text]]), options);
const codes = (text: string, given: Diagnostic[] = [latest(text)], options?: SuppressionOptions) => apply(text, given, options).map((one) => one.code);

test("the next line is silenced, and no other", () => {
  assert.equal(codes("// hmc-disable-next-line HMC5003 -- meant\nIMAGE"), []);
  assert.equal(codes("// hmc-disable-next-line HMC5003 -- meant\nother\nIMAGE"), ["HMC5003", "HMC5091"]);
  assert.equal(codes("IMAGE // hmc-disable-next-line HMC5003 -- meant\nother"), ["HMC5003", "HMC5091"]);
  assert.equal(codes("a(); // hmc-disable-next-line HMC5003 -- meant\r\nIMAGE"), []);
});

test("further comments and empty lines stand in between", () => {
  const text = "// hmc-disable-next-line HMC5003 -- meant\n\n// hmc-disable-next-line HMC5002 -- also meant\n/* why */\n  IMAGE";
  assert.equal(codes(text, [latest(text), unused(text)]), []);
});

test("several codes, with and without commas", () => {
  for (const list of ["HMC5003, HMC5002", "HMC5003 HMC5002", "HMC5003,HMC5002"]) {
    const text = `// hmc-disable-next-line ${list} -- meant\nIMAGE`;
    assert.equal(codes(text, [latest(text), unused(text)]), [], list);
  }
});

test("a whole file is silenced, wherever the comment stands", () => {
  assert.equal(codes("IMAGE\n// hmc-disable-file HMC5003 -- meant"), []);
});

test("only the file with the comment is silenced", () => {
  const other = { ...latest("IMAGE"), span: spanOf("IMAGE", "IMAGE", "other.ts") };
  assert.equal(codes("// hmc-disable-file HMC5003 -- meant\nIMAGE", [other]), ["HMC5003", "HMC5091"]);
});

test("what only looks like a comment silences nothing", () => {
  for (const text of ['"// hmc-disable-file HMC5003 -- x"; IMAGE', "`\n// hmc-disable-next-line HMC5003 -- x\n`; IMAGE", "/\\/\\/ hmc-disable-file HMC5003 -- x/; IMAGE", "// see hmc-disable-file HMC5003 -- x\nIMAGE"]) {
    assert.equal(codes(text), ["HMC5003"], text);
  }
});

test("without a reason it works, and says so", () => {
  assert.equal(codes("// hmc-disable-next-line HMC5003\nIMAGE"), ["HMC5090"]);
  assert.equal(codes("// hmc-disable-next-line HMC5003 --\nIMAGE"), ["HMC5090"]);
  assert.equal(codes("// hmc-disable-next-line HMC5003 --   \nIMAGE"), ["HMC5090"]);
});

test("an unused suppression is reported, and its fix removes just that", () => {
  const fixed = (text: string, given: Diagnostic[] = []) => {
    const [found, ...others] = apply(text, given).filter((one) => one.code === "HMC5091");
    assert.is(others.length, 0);
    return applyEdits(text, found?.fix?.edits ?? []);
  };
  assert.is(fixed("a();\n  // hmc-disable-next-line HMC5003 -- meant\nb();\n"), "a();\nb();\n");
  assert.is(fixed("a(); // hmc-disable-file HMC5003 -- meant\n"), "a(); \n");
  const first = "// hmc-disable-next-line HMC5003, HMC5002 -- meant\nIMAGE";
  assert.is(fixed(first, [latest(first)]), "// hmc-disable-next-line HMC5003 -- meant\nIMAGE");
  assert.is(fixed(first, [unused(first)]), "// hmc-disable-next-line HMC5002 -- meant\nIMAGE");
});

test("an unknown code, with the one that was meant", () => {
  const text = "// hmc-disable-next-line HMC5030 -- meant\nIMAGE";
  const [found] = apply(text, [latest(text)]).filter((one) => one.code === "HMC5092");
  assert.match(found?.message ?? "", 'Did you mean "HMC5003"?');
  assert.match(applyEdits(text, found?.fix?.edits ?? []), "line HMC5003 --");
  assert.equal(codes("// hmc-disable-file FOO1 -- x\nIMAGE"), ["HMC5003", "HMC5092"]);
});

test("errors of the graph, of the language and of TypeScript stay, and the comment is told why", () => {
  const text = "// hmc-disable-next-line HMC3002, TS2322, HMC5091, HMC1001 -- I know better\nIMAGE";
  const cycle = diagnostic("HMC3002", spanOf(text, "IMAGE"), { task: "a" });
  const found = apply(text, [cycle]);
  assert.equal(found.map((one) => one.code), ["HMC3002", "HMC5093", "HMC5093", "HMC5093", "HMC5093"]);
  assert.match(found[2]?.message ?? "", "@ts-expect-error");
});

test("a lint of severity error can be suppressed", () => {
  const text = "// hmc-disable-next-line HMC5020 -- the name of a header\nIMAGE";
  assert.equal(codes(text, [diagnostic("HMC5020", spanOf(text, "IMAGE"), { name: "A", reason: "is" })]), []);
});

test("comments that are nearly suppressions", () => {
  const problems: [string, RegExp][] = [
    ["// hmc-disable-nextline HMC5003 -- x", /there is no "hmc-disable-nextline"/],
    ["// hmc-disable HMC5003 -- x", /there is no "hmc-disable"/],
    ["/* hmc-disable-file HMC5003 -- x */", /not a comment with/],
    ["// hmc-disable-file", /names no code/],
    ["// hmc-disable-file -- x", /names no code/],
    ["// hmc-disable-file HMC5003 because I say so", /"because" is not a code/],
  ];
  for (const [comment, problem] of problems) {
    const text = `${comment}\nIMAGE`;
    const found = apply(text, [latest(text)]);
    assert.equal(found.map((one) => one.code), ["HMC5003", "HMC5094"], comment);
    assert.match(found[1]?.message ?? "", problem);
  }
});

test("a suppression is unused only if its code was looked for; those of targets are not unless it is said", () => {
  const text = "// hmc-disable-file HMC4017 -- the option is for another back end\nIMAGE";
  assert.equal(codes(text, []), []);
  assert.equal(codes(text, [], { isChecked: () => true }), ["HMC5091"]);
  assert.equal(codes("// hmc-disable-file HMC5003 -- x", [], { isChecked: (code) => code !== "HMC5003" }), []);
  const found = diagnostic("HMC4017", spanOf(text, "IMAGE"), { option: "x", why: "y", instead: "z", version: "2.17" });
  assert.equal(codes(text, [found], { isChecked: () => true }), []);
});

test("findings without suppressions pass unchanged", () => {
  const text = "IMAGE";
  const given = [latest(text), diagnostic("HMC0001", undefined, { file: "x" })];
  assert.equal(apply(text, given), given);
});

test.run();

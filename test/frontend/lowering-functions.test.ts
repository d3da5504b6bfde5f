/** Helper functions, sub-pipelines, try: what is put together from several places. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { lower, lowerFiles, mistakes, only, outline, pipelineFile, show } from "./lowered.ts";

test("a helper is inlined at every call, with parameters, defaults, rest and what it returns", () => {
  const pipeline = lower(`use({ text: label("a") }); use({ text: label("b", 1) }); const { w, n } = both(label("c", 3, "x", "y")); use({ text: w, number: n });`, {
    before: `
      function label(text: string, times: Int = 2, ...rest: string[]) { if (times > 1) return word({ text: \`\${text}\${times}\${rest.length}\` }); return text; }
      const both = (text: string) => { const w = word({ text }); return { w, n: size({ text: w }) }; };`,
  });
  assert.equal(outline(pipeline), [
    `word = word(text: "a20")`,
    `use = use(text: word.Output)`,
    `use-2 = use(text: "b")`,
    `word-2 = word(text: "c32")`,
    `word-3 = word(text: word-2.Output)`,
    `size = size(text: word-3.Output)`,
    `use-3 = use(text: word-3.Output, number: size.Output)`,
  ]);
});

test("closures see the variables around them; objects may hold functions", () => {
  const pipeline = lower(
    `const prefix = word({ text: "p" });
    const step = (text: string) => word({ text: \`\${prefix}/\${text}\` });
    function twice(text: string) { return step(step(text)); }
    const tools = { twice, shout: (text: string) => text.toUpperCase() };
    use({ text: tools.shout(tools.twice(kind)) });`,
    { parameters: `{ kind }: { kind: string }` },
  );
  assert.equal(outline(pipeline), [
    `word = word(text: "p")`,
    `word-2 = word(text: \`{word.Output}/{$kind}\`)`,
    `word-3 = word(text: \`{word.Output}/{word-2.Output}\`)`,
    `use = use(text: toUpperCase(word-3.Output))`,
  ]);
});

test("a default of a parameter stands in where the argument may be missing", () => {
  const pipeline = lower(`note(t); note(undefined); note(a ? word({ text: "w" }) : undefined);`, { parameters: `{ t, a }: { t?: string; a: boolean }`, before: `function note(text: string = "none") { use({ text }); }` });
  assert.equal(outline(pipeline), [`use = use(text: ($t ?? "none"))`, `use-2 = use(text: "none")`, `if-1 if $a`, `  word = word(text: "w")`, `if-1 else`, `if-1.value = word.Output | "none"`, `use-3 = use(text: if-1.value)`]);
});

test("a helper may branch and return in its arms", () => {
  const pipeline = lower(`use({ text: pick(kind) });`, { parameters: `{ kind }: { kind: string }`, before: `function pick(kind: string) { if (kind === "a") return word({ text: "A" }); if (kind === "b") return "B"; return word({ text: "C" }); }` });
  assert.equal(outline(pipeline), [
    `if-1 if ($kind == "a")`,
    `  word = word(text: "A")`,
    `if-1 else`,
    `  if-2 if ($kind == "b")`,
    `  if-2 else`,
    `    word-2 = word(text: "C")`,
    `  if-2.result = "B" | word-2.Output`,
    `if-1.result = word.Output | if-2.result`,
    `use = use(text: if-1.result)`,
  ]);
});

test("helpers and ops come from other files: aliases, namespaces, re-exports, defaults, members of objects", () => {
  const pipeline = only(
    lowerFiles({
      "steps.ts": `import { op } from "hmc"; import { word as say } from "./ops.ts"; export default op(async (input: { text: string }) => input.text); export const greet = (name: string) => say({ text: \`hi \${name}\` }); export const tools = { deep: { ask: op(async (input: { q: string }) => input.q) } };`,
      "index.ts": `export * from "./ops.ts"; export { default as tell, greet as hello } from "./steps.ts"; export * as all from "./steps.ts";`,
      "pipeline.ts": `import { pipeline } from "hmc"; import * as lib from "./index.ts"; import { hello, tell, word as w } from "./index.ts";
        const { ask } = lib.all.tools.deep;
        const aliased = w;
        export const p = pipeline(() => { hello("you"); tell({ text: "t" }); lib.word({ text: "n" }); aliased({ text: "a" }); ask({ q: "1" }); lib.all.tools.deep.ask({ q: "2" }); });`,
    }),
  );
  assert.equal(outline(pipeline), [
    `word = word(text: "hi you")`,
    `steps = steps(text: "t")`,
    `word-2 = word(text: "n")`,
    `word-3 = word(text: "a")`,
    `ask = ask(q: "1")`,
    `ask-2 = ask(q: "2")`,
  ]);
});

test("where the run finds an op is its module and export", () => {
  const { document } = lowerFiles({
    "pipeline.ts": pipelineFile(`tools.ask({ q: "1" }); word({ text: "x" });`, { before: `export const tools = { ask: op(async (input: { q: string }) => input.q) };` }),
  });
  const implementations = Object.values(document?.components ?? {}).map((component) => (component.kind === "op" ? component.implementation : undefined));
  assert.equal(implementations, [{ module: "pipeline.ts", export: "tools.ask" }, { module: "ops.ts", export: "word" }]);
});

test("JSDoc describes ops, pipelines, inputs and outputs", () => {
  const { document } = lowerFiles({
    "pipeline.ts": `import { op, pipeline, type Int } from "hmc";
      /** Says it. */
      export const say = op(async (input: { /** What to say. */ text: string }) => input.text);
      /** The whole. */
      export const p = pipeline(
        /** @param depth how deep */
        ({ depth = 6 }: { depth?: Int }) => { say({ text: \`\${depth}\` }); });`,
  });
  assert.is(document?.components["say"]?.description, "Says it.");
  assert.is(document?.components["say"]?.inputs["text"]?.description, "What to say.");
  assert.is(document?.pipelines["p"]?.description, "The whole.");
  assert.is(document?.pipelines["p"]?.inputs["depth"]?.description, "how deep");
  assert.equal([document?.pipelines["p"]?.inputs["depth"]?.type, document?.pipelines["p"]?.inputs["depth"]?.default], [{ kind: "integer" }, 6]);
});

test("a function that calls itself, in one or several steps, is a mistake", () => {
  const before = `function again(text: string): string { return word({ text: once(text) }); }\nfunction once(text: string): string { return again(text); }`;
  assert.equal(mistakes(`use({ text: again("a") });`, { before }).map((found) => found.slice(found.indexOf("HMC")).split(":")[0]), [`HMC1007 "once" → "again" → "once"`]);
});

test("a closure may not assign to a variable around it, a callback in place may", () => {
  assert.equal(mistakes(`let x = 1;\nconst set = () => { x = 2; };\nif (a) set();\nuse({ number: x });`, { parameters: `{ a }: { a: boolean }` }).map((found) => found.slice(0, 9)), ["2 HMC1001"]);
  assert.equal(outline(lower(`let x = "0"; [word({ text: "k" })].forEach((w) => { x = w; }); use({ text: x });`)).at(-1), `use = use(text: word.Output)`);
});

// ---------------------------------------------------------------------------------------------- sub-pipelines

const sub = `const sub = pipeline(({ x = 2, y }: { x?: Int; y?: string }) => { const w = word({ text: \`\${x}\` }); return { w, n: size({ text: y }) }; });`;

test("a pipeline called from another is a task, read once however often it is called", () => {
  const { document, diagnostics } = lowerFiles({ "pipeline.ts": pipelineFile(`const a = sub({ x: 1 }); const b = sub({ y: a.w }).after(a); sub(); return b;`, { before: sub }) });
  const pipeline = only({ document, diagnostics });
  assert.equal(outline(pipeline), [`sub = sub(x: 1)`, `sub-2 = sub(y: sub.w) after sub`, `sub-3 = sub()`, `return { w: sub-2.w, n: sub-2.n }`]);
  assert.equal(Object.keys(document?.pipelines ?? {}).sort(), ["p", "sub"]);
  assert.equal(document?.exported, ["p"]);
  const inner = document?.pipelines["sub"];
  assert.ok(inner !== undefined);
  assert.equal(inner === undefined ? [] : outline(inner), [`word = word(text: \`{$x}\`)`, `size = size(text: $y)`, `return { w: word.Output, n: size.Output }`]);
});

test("a scalar result is the output Output, and can be used as a value", () => {
  const pipeline = lower(`use({ text: scalar({ x: 3 }).toUpperCase() }); return scalar({ x: 4 });`, { before: `const scalar = pipeline(({ x }: { x: Int }) => word({ text: \`\${x}\` }));` });
  assert.equal(outline(pipeline), [`scalar = scalar(x: 3)`, `use = use(text: toUpperCase(scalar.Output))`, `scalar-2 = scalar(x: 4)`, `return { Output: scalar-2.Output }`]);
});

test("an output of a pipeline that may be missing is asked for, and has a fallback", () => {
  const pipeline = lower(`const o = opt({ c: true }); use({ text: o.x ?? "none" }); if (o.x) use({ text: o.x });`, {
    before: `const opt = pipeline(({ c }: { c: boolean }) => { let x: string | undefined; if (c) x = word({ text: "c" }); return { x }; });`,
  });
  assert.equal(outline(pipeline), [`opt = opt(c: true)`, `use = use(text: (opt.x ?? "none"))`, `if-1 if (present(opt.x) && (opt.x != ""))`, `  use-2 = use(text: opt.x)`, `if-1 else`]);
});

test("the parameters may be taken whole, and the body may be a declared function", () => {
  const { document, diagnostics } = lowerFiles({
    "pipeline.ts": pipelineFile(`use({ number: all.x ?? 3, text: all.y });`, { parameters: `all: { x?: Int; y: string }`, before: `function body() { word({ text: "b" }); }\nexport const second = pipeline(body);` }),
  });
  assert.equal(outline(only({ document, diagnostics })), [`use = use(number: ($x ?? 3), text: $y)`]);
  assert.equal(document?.exported, ["second", "p"]);
});

test("pipelines that call each other are a mistake", () => {
  const found = lowerFiles({
    "pipeline.ts": `import { pipeline } from "hmc"; import { word } from "./ops.ts";
      export const one = pipeline((): { x: string } => { word({ text: "1" }); return { x: two().x }; });
      export const two = pipeline((): { x: string } => ({ x: one().x }));`,
  }).diagnostics.filter(({ code }) => code === "HMC1007");
  assert.match(found[0]?.message ?? "", `"two" → "one" → "two"`);
});

// ---------------------------------------------------------------------------------------------- try

test("try / finally with the status; values of the body are used after it", () => {
  const pipeline = lower(`let text; try { const { count } = load({ since: "x" }); text = word({ text: \`\${count}\` }); } finally { report({ status: runStatus(), text: runStatus().state }); } use({ text });`);
  assert.equal(outline(pipeline), [
    `try-1 try`,
    `  load = load(since: "x")`,
    `  word = word(text: \`{load.count}\`)`,
    `try-1 finally`,
    `  report = report(status: try-1.status, text: try-1.status.state)`,
    `use = use(text: word.Output)`,
  ]);
});

test("try in try, in a loop and with catch; the status is that of the innermost try", () => {
  const pipeline = lower(
    `for (const name of names) { try { word({ text: name }); } finally { report({ status: runStatus() }); } }
    try { try { word({ text: "in" }); } finally { report({ status: runStatus() }); } } catch { word({ text: "failed" }); } finally { report({ status: runStatus() }); }`,
    { parameters: `{ names }: { names: string[] }` },
  );
  assert.equal(outline(pipeline), [
    ...[`for-1 of $names`, `  try-1 try`, `    word = word(text: for-1.item)`, `  try-1 finally`, `    report = report(status: try-1.status)`],
    ...[`try-2 try`, `  try-3 try`, `    word-2 = word(text: "in")`, `  try-3 finally`, `    report-2 = report(status: try-3.status)`],
    ...[`try-2 catch`, `  word-3 = word(text: "failed")`, `try-2 finally`, `  report-3 = report(status: try-2.status)`],
  ]);
});

test("a variable is what the body gives, or else catch, or else what it was", () => {
  const both = lower(`let x: string;\ntry { x = word({ text: "a" }); } catch { x = word({ text: "b" }); }\nuse({ text: x });`);
  assert.equal(outline(both).at(-1), `use = use(text: try-1.x)`);
  const selects = (pipeline: typeof both) => pipeline.body.nodes.flatMap((node) => (node.kind === "try" ? (node.selects ?? []).map(({ name, values }) => [name, ...values.map(show)]) : []));
  assert.equal(selects(both), [["x", "word.Output", "word-2.Output"]]);
  assert.equal(selects(lower(`let x = "0";\ntry { x = word({ text: "a" }); } catch {}\nuse({ text: x });`)), [["x", "word.Output", `"0"`]]);
  assert.equal(selects(lower(`let x = "0";\ntry { word({ text: "a" }); } catch { x = word({ text: "b" }); } finally { word({ text: x }); }`)), [["x", `"0"`, "word-2.Output"]]);
  assert.equal(selects(lower(`let x = "0";\ntry { x = word({ text: "a" }); } catch { x = "1"; }`)), []);
});

test("body and catch may return where both always do", () => {
  const made = lower(`const either = (text: string) => { try { return word({ text }); } catch { return "none"; } };\nuse({ text: either("a") });`);
  assert.equal(outline(made).at(-1), `use = use(text: try-1.result)`);
  const codes = (body: string): string[] => mistakes(body).map((found) => found.split(" ").slice(0, 2).join(" "));
  assert.equal(codes(`const f = () => { try { return word({ text: "a" }); } catch { word({ text: "b" }); } return "c"; };\nuse({ text: f() });`), ["1 HMC1008"]);
  assert.equal(codes(`const f = () => { try { word({ text: "a" }); } catch { return "b"; } return "c"; };\nuse({ text: f() });`), ["1 HMC1008"]);
});

test("what catch cannot have is a mistake: its variable, a status, a return", () => {
  const codes = (body: string): string[] => mistakes(body).map((found) => found.split(" ").slice(0, 2).join(" "));
  assert.equal(codes(`try { word({ text: "a" }); }\ncatch (error) { word({ text: String(error) }); }`), ["2 HMC1020"]);
  assert.equal(codes(`try { report({ status: runStatus() });\n} finally { word({ text: "x" }); }`), ["1 HMC1014"]);
  assert.equal(codes(`try { word({ text: "a" });\nreturn { x: 1 }; } finally { report({ status: runStatus() }); }`), ["2 HMC1008"]);
});

test("every node says where it was written", () => {
  const pipeline = lower(`const a = word({ text: "a" });\nif (a === "b") word({ text: "c" });`);
  const [first, branch] = pipeline.body.nodes;
  assert.is(first?.span.file, "pipeline.ts");
  assert.is((branch?.span.line ?? 0) - (first?.span.line ?? 0), 1);
  assert.ok(branch?.kind === "branch" && branch.arms[0]?.condition !== undefined && show(branch.arms[0].condition) === `(word.Output == "b")`);
});

test.run();

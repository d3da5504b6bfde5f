/** Constants that are folded, and expressions over what is known only at run time. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { lower, lowerFiles, mistakes, only, outline, pipelineFile } from "./lowered.ts";

const values = { parameters: `{ s, n, xs, cfg }: { s: string; n: Int; xs: string[]; cfg: { a: { b: number }; c?: string; d: Record<string, string>; list: { k: string }[] } }` };

/** What `use` gets. */
function inputs(body: string, around: Parameters<typeof lower>[1] = values): string {
  return outline(lower(body, around)).at(-1)?.replace(/^use = /, "") ?? "";
}

test("constants of the module: literals, as const, spread, computed keys, enums, arithmetic, templates", () => {
  const before = `
    enum Kind { A = "a", B = "b" }
    enum Size { Small = 1, Big = Small * 10 }
    const base = { since: "2013", depth: 3 } as const;
    const more = { ...base, depth: base.depth * 2, [\`k\${Size.Big}\`]: [..."a-b".split("-"), Kind.A] } satisfies Record<string, unknown>;
    const { since: from, ...others } = base;
    const [, second] = ["x", "y"] as const;
    void others;`;
  assert.is(inputs(`use({ text: more.since, number: more.depth, list: more.k10 });`, { before }), `use(text: "2013", number: 6, list: ["a","b","a"])`);
  assert.is(inputs(`use({ text: \`\${from}-\${Size.Small}-\${second}\`, number: (2 ** 3 - 1) % 4, list: [Kind.B], flag: !more });`, { before }), `use(text: "2013-1-y", number: 3, list: ["b"], flag: false)`);
  assert.is(inputs(`use({ list: Object.keys(base), number: Object.values(base).length }); for (const [key, value] of Object.entries(base)) use({ text: \`\${key}=\${value}\` });`, { before }).trim(), "use-2 = use(text: `{for-1.item[0]}={for-1.item[1]}`)");
});

test("String.raw is the text as it is written", () => {
  // What stands between the backticks of the pipeline: an escaped line feed, a real one, an escaped substitution, and a real one.
  const written = 'print("a\\n")\n\\t\\${n}';
  const before = `const n = 2; const script = String.raw\`${written}\${n}\\\\\`;`;
  assert.is(inputs("use({ text: script });", { before }), `use(text: ${JSON.stringify(`${written}2\\\\`)})`);
  assert.is(inputs("use({ text: String.raw`a\\tb` });"), `use(text: ${JSON.stringify("a\\tb")})`);
  assert.equal(mistakes("use({ text: String.raw`${s}` });\nuse({ text: tag`x` });", { ...values, before: "const tag = (parts: TemplateStringsArray) => parts.join();" }).map((found) => found.slice(0, 9)), ["1 HMC1001", "2 HMC1001"]);
  assert.equal(mistakes("use({ text: String.raw`a` });", { before: "const String = { raw: (parts: TemplateStringsArray) => parts.length.toFixed() };" }).map((found) => found.slice(0, 9)), ["1 HMC1001"]);
});

test("a member of a constant object is known though others are not", () => {
  const before = `const config = { made: new Date(), table: "crashes", shout: (text: string) => \`\${text}!\`, inner: { ...JSON.parse("{}"), least: 2 } };`;
  assert.is(inputs(`use({ text: config.shout(config.table), number: config.inner.least });`, { before }), `use(text: "crashes!", number: 2)`);
  assert.equal(mistakes(`use({ text: config.made.toISOString() });`, { before }).map((found) => found.slice(0, 9)), ["1 HMC1011"]);
});

test("constants of other files, through re-exports, namespaces and aliases", () => {
  const pipeline = only(
    lowerFiles({
      "config.ts": `export const depths = [2, 4] as const; export const names = { table: "crashes" }; const hidden = 7; export { hidden as seven }; export default "def";`,
      "all.ts": `export * as config from "./config.ts"; export { seven, default as fallback } from "./config.ts";`,
      "pipeline.ts": `import { pipeline } from "hmc"; import { use } from "./ops.ts"; import * as all from "./all.ts"; import { seven as n, fallback } from "./all.ts";
        export const p = pipeline(() => { use({ text: all.config.names.table, number: n, numbers: [...all.config.depths] }); use({ text: fallback }); });`,
    }),
  );
  assert.equal(outline(pipeline), [`use = use(text: "crashes", number: 7, numbers: [2,4])`, `use-2 = use(text: "def")`]);
});

test("variables of the compiler's environment are read, and named in the document", () => {
  const { document, diagnostics } = lowerFiles(
    { "pipeline.ts": pipelineFile(`use({ text: env("REGION"), list: [env("MISSING", "none"), process.env["REGION"] ?? "?", process.env.OTHER || "other"] });`) },
    { REGION: "eu" },
  );
  assert.equal(outline(only({ document, diagnostics })), [`use = use(text: "eu", list: ["none","eu","other"])`]);
  assert.equal(document?.environment, ["MISSING", "OTHER", "REGION"]);
  assert.equal(mistakes(`use({ text: env("MISSING") });\nuse({ text: process.env.MISSING! });`).map((found) => found.slice(0, 9)), ["1 HMC0014", "2 HMC0014"]);
});

test("what is no constant is a mistake", () => {
  assert.equal(mistakes(`use({ number: changing });\nuse({ text: made });\nuse({ text: late.x });`, { before: `let changing = 1; changing = 2; const made = String(new Date()); const late = JSON.parse("{}") as { x: string };` }).map((found) => found.slice(0, 9)), ["1 HMC1011", "2 HMC1011", "3 HMC1011"]);
});

test("constant functions are computed, with JavaScript's results", () => {
  assert.is(inputs(`use({ text: "a,b".split(",").join("-").toUpperCase(), number: Math.max(1, 2) + parseInt("12", 10), list: ["b", "a"].concat(["c"]).slice(1), flag: "abc".includes("b") });`), `use(text: "A-B", number: 14, list: ["a","c"], flag: true)`);
  assert.is(inputs(`use({ text: String(1.5), number: Number("3") / 2, flag: Boolean("") });`), `use(text: "1.5", number: 1.5, flag: false)`);
  assert.equal(mistakes(`use({ number: Number("x") });`).map((found) => found.slice(0, 9)), ["1 HMC1003"]);
});

test("template literals and + build text of run-time parts", () => {
  assert.is(inputs("use({ text: `${s}-${n}${`!${s}`}` });"), "use(text: `{$s}-{$n}{`!{$s}`}`)");
  assert.is(inputs(`use({ text: s + "/" + n + 1 });`), "use(text: `{$s}/{$n}1`)");
  assert.is(inputs("use({ text: `${s}` });"), "use(text: `{$s}`)");
  assert.equal(mistakes("use({ text: `${train({ rows: load({ since: '' }).rows }).model}` });").map((found) => found.slice(0, 9)), ["1 HMC1003"]);
});

test("members, elements and lengths", () => {
  assert.is(inputs(`use({ number: cfg.a.b, text: cfg.c });`), `use(number: $cfg.a.b, text: $cfg.c)`);
  assert.is(inputs(`use({ text: cfg.d["x"], number: xs.length + s.length });`), `use(text: $cfg.d.x, number: (length($xs) + length($s)))`);
  assert.is(inputs(`use({ text: xs[n], list: [xs[0]!, cfg.list[1]!.k] });`), `use(text: $xs[$n], list: [$xs[0], $cfg.list[1].k])`);
  assert.is(inputs(`use({ text: cfg.list[0]?.k });`), `use(text: (present($cfg.list[0]) ? $cfg.list[0].k : absent))`);
  assert.is(inputs(`const { a: { b }, c = "none" } = cfg; const [first = "?"] = xs; use({ number: b, list: [c, first] });`), `use(number: $cfg.a.b, list: [($cfg.c ?? "none"), ($xs[0] ?? "?")])`);
});

test("arithmetic, comparisons and conversions", () => {
  assert.is(inputs(`use({ number: -(n * 2 + 1) / 3 - n % 2 });`), `use(number: ((-(($n * 2) + 1) / 3) - ($n % 2)))`);
  assert.is(inputs(`use({ flag: !(n > 3 && s !== "a") || xs.includes(s) });`), `use(flag: (!(($n > 3) && ($s != "a")) || includes($xs, $s)))`);
  assert.is(inputs(`use({ number: Math.round(n / 3) + Number(s), text: String(n) });`), `use(number: (round(($n / 3)) + toNumber($s)), text: toString($n))`);
  assert.is(inputs(`use({ number: Math.max(n, 3), text: JSON.stringify({ n, s: [s] }) });`), `use(number: max($n, 3), text: stringify({n: $n, s: [$s]}))`);
});

test("types: whole numbers stay whole, a quotient does not", () => {
  const pipeline = lower(`word({ text: "x" }); return { whole: n * 2 + 1, half: n / 2, text: s + n, flag: n > 1, words: [s], struct: { n } };`, values);
  assert.equal(Object.fromEntries(Object.entries(pipeline.outputs).map(([name, { type }]) => [name, type.kind])), { whole: "integer", half: "number", text: "string", flag: "boolean", words: "list", struct: "struct" });
});

test("methods of strings and lists", () => {
  assert.is(inputs(`use({ text: s.trim().toLowerCase().replaceAll("a", "b"), flag: s.startsWith("x") || s.endsWith("y"), list: s.split(",") });`), `use(text: replaceAll(toLowerCase(trim($s)), "a", "b"), flag: (startsWith($s, "x") || endsWith($s, "y")), list: split($s, ","))`);
  assert.is(inputs(`use({ text: xs.join("+") });`), `use(text: join($xs, "+"))`);
});

test("methods of a scalar task are methods of its value", () => {
  assert.is(inputs(`const w = word({ text: s }); use({ text: w.toUpperCase(), flag: w.includes("a"), number: w.length });`), `use(text: toUpperCase(word.Output), flag: includes(word.Output, "a"), number: length(word.Output))`);
});

test("what no engine computes is a mistake at its place", () => {
  const codes = (body: string): string[] => mistakes(body, values).map((found) => found.slice(0, 9));
  assert.equal(codes(`use({ text: s.slice(1) });\nuse({ number: n ** 2 });\nuse({ number: n | 1 });\nuse({ list: [...xs].sort() });\nuse({ text: s.replace(/a/, "b") });`), ["1 HMC1003", "2 HMC1003", "3 HMC1003", "4 HMC1003", "5 HMC1001"]);
  assert.equal(codes(`use({ flag: xs === xs });\nuse({ number: xs.indexOf("a") });`), ["1 HMC1003", "2 HMC1003"]);
});

test("the clock, chance and the machine are out of reach", () => {
  const codes = (body: string, before = ""): string[] => mistakes(body, { before }).map((found) => found.split(" ").slice(0, 2).join(" "));
  assert.equal(codes(`use({ number: Date.now() });\nuse({ number: Math.random() });\nuse({ text: new Date().toISOString() });\nuse({ text: process.cwd() });\nconsole.log("x");`), ["1 HMC1004", "2 HMC1004", "3 HMC1004", "4 HMC1004", "5 HMC1001"]);
  assert.equal(codes(`use({ text: readFileSync("x", "utf8") });\nuse({ text: fs.readFileSync("x", "utf8") });`, `import fs, { readFileSync } from "node:fs";`), ["1 HMC1002", "2 HMC1002"]);
});

test("constructs without a meaning in a graph are mistakes, each reported once and all at once", () => {
  const found = mistakes(`let i = 0;\nuse({ number: i++ });\ni **= 2;\nclass A {}\nconst o = { a: 1 };\no.a = 2;\ndelete (o as { a?: number }).a;\nconst r = /x/;\nconst { a, ...rest } = o;\nconst f = function* () { yield 1; };\nf();\nthrow new Error(\`\${a}\`);\nvoid [r];`);
  assert.equal(found.map((text) => text.split(" ").slice(0, 2).join(" ")), ["2 HMC1001", "3 HMC1001", "4 HMC1001", "6 HMC1017", "7 HMC1001", "8 HMC1001", "9 HMC1001", "10 HMC1001", "12 HMC1016"]);
});

test("assignments with an operator, and steps", () => {
  assert.is(inputs(`let m = 1; m += 2; m *= 3; m -= 1; m /= 4; m %= 5; m++; ++m; m--; let t = s; t += "!"; use({ number: m, text: t });`), `use(number: 3, text: \`{$s}!\`)`);
});

test("run is known by its symbol: renamed, in a namespace, re-exported, taken apart, under another name", () => {
  const files = {
    "mine.ts": `export { run as mine } from "hmc";`,
    "pipeline.ts": [
      `import { pipeline, run as itself } from "hmc";`,
      `import * as hmc from "hmc";`,
      `import { mine } from "./mine.ts";`,
      `import { word } from "./ops.ts";`,
      `const other = mine;`,
      `const run = { name: "a constant of the module" };`,
      `export const p = pipeline(() => {`,
      `const { createTime, workspacePath: path } = itself;`,
      `const of = (r: typeof itself) => r.pipelineRoot;`,
      "word({ text: itself.name }); word({ text: hmc.run.id }); word({ text: mine.scheduleTime }); word({ text: other.taskName }); word({ text: `${createTime} ${path}` }); word({ text: of(hmc.run) }); word({ text: run.name });",
      `});`,
    ].join("\n"),
  };
  assert.equal(outline(only(lowerFiles(files))), [
    "word = word(text: run.runName)",
    "word-2 = word(text: run.runId)",
    "word-3 = word(text: run.scheduleTime)",
    "word-4 = word(text: run.taskName)",
    "word-5 = word(text: `{run.createTime} {run.workspacePath}`)",
    "word-6 = word(text: run.pipelineRoot)",
    'word-7 = word(text: "a constant of the module")',
  ]);
});

test("CEL stands as it is written, with values in it; its first part is text", () => {
  const around = { ...values, before: `import { cel } from "hmc";\nimport * as hmc from "hmc";` };
  const lines = outline(lower("if (cel`${n} > 2 && '\\\\d\\`' in ${xs}`) use({ text: s });\nuse({ number: hmc.cel<number>`${n}+${2}` });\nuse({ text: cel.of<string>(cfg, 'struct_value.a') });", around));
  assert.equal(lines, [
    "if-1 if cel({$n} > 2 && '\\\\d`' in {$xs})",
    "  use = use(text: $s)",
    "if-1 else",
    "use-2 = use(number: cel({$n}+{2}))",
    "use-3 = use(text: cel({$cfg}struct_value.a))",
  ]);
  const [first] = lower("use({ flag: cel`${n}` });", around).body.nodes;
  assert.equal(first?.kind === "task" && first.inputs["flag"]?.kind === "cel" ? first.inputs["flag"].parts.map((part) => typeof part) : [], ["string", "object"]);
  assert.equal(mistakes("use({ flag: cel`size(${xs}) >` });\nuse({ text: cel.of<string>(s, 'a b') });\nuse({ text: cel.of<string>(s, s) });", around).map((found) => found.replace(/(Write|must).*/, "$1")), [
    "1 HMC1032 This is no CEL: the expression ends too early. Write",
    '2 HMC1032 This is no CEL: unexpected "b" at character 3. Write',
    '3 HMC1011 The text of "cel.of()" must',
  ]);
});

test("a secret is no value", () => {
  const [found] = mistakes(`use({ text: secret("db", "password") as unknown as string });`);
  assert.match(found ?? "", "HMC1019");
});

test.run();

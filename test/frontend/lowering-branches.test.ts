/** Conditions: what runs only sometimes, and the values that differ by it (one-of). */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { lower, mistakes, outline } from "./lowered.ts";

const kind = `{ kind }: { kind: string }`;

test("if / else if / else is one branch; a variable assigned in every arm is a one-of", () => {
  const pipeline = lower(
    `let text: string;
    if (kind === "a") { text = word({ text: "A" }); } else if (kind === "b") { text = word({ text: "B" }); } else { text = "none"; }
    use({ text });`,
    { parameters: kind },
  );
  assert.equal(outline(pipeline), [
    `if-1 if ($kind == "a")`,
    `  word = word(text: "A")`,
    `if-1 else if ($kind == "b")`,
    `  word-2 = word(text: "B")`,
    `if-1 else`,
    `if-1.text = word.Output | word-2.Output | "none"`,
    `use = use(text: if-1.text)`,
  ]);
});

test("without an else the variable keeps the value it had", () => {
  const pipeline = lower(`let text = "none"; if (kind === "a") text = word({ text: "A" }); use({ text });`, { parameters: kind });
  assert.equal(outline(pipeline).slice(-2), [`if-1.text = word.Output | "none"`, `use = use(text: if-1.text)`]);
});

test("values that are at hand in any case make no one-of", () => {
  const pipeline = lower(
    `let text = "low"; if (n > 1) text = "mid"; if (n > 2) text = "high";
    use({ text, number: n > 3 ? 1 : n });`,
    { parameters: `{ n }: { n: number }` },
  );
  assert.equal(outline(pipeline), [`use = use(text: (($n > 2) ? "high" : (($n > 1) ? "mid" : "low")), number: (($n > 3) ? 1 : $n))`]);
});

test("nested branches choose from inside out", () => {
  const pipeline = lower(`let w: string; if (n > 3) { w = word({ text: "1" }); if (n > 4) w = word({ text: w }); } else w = "none"; use({ text: w });`, { parameters: `{ n }: { n: number }` });
  assert.equal(outline(pipeline), [
    `if-1 if ($n > 3)`,
    `  word = word(text: "1")`,
    `  if-2 if ($n > 4)`,
    `    word-2 = word(text: word.Output)`,
    `  if-2 else`,
    `  if-2.w = word-2.Output | word.Output`,
    `if-1 else`,
    `if-1.w = if-2.w | "none"`,
    `use = use(text: if-1.w)`,
  ]);
});

test("whole tasks can be assigned; each output that is used is a one-of, and an order waits for the branch", () => {
  const pipeline = lower(
    `let fit;
    if (kind === "a") fit = train({ rows: load({ since: "a" }).rows }); else fit = train({ rows: load({ since: "b" }).rows });
    use({ model: fit.model, number: fit.auc });
    use({ number: fit.auc }).after(fit);`,
    { parameters: kind },
  );
  assert.equal(outline(pipeline).slice(5), [
    ...[`  train-2 = train(rows: load-2.rows)`, `if-1.fit.model = train.model | train-2.model`, `if-1.fit.auc = train.auc | train-2.auc`],
    `use = use(model: if-1.fit.model, number: if-1.fit.auc)`,
    `use-2 = use(number: if-1.fit.auc) after if-1`,
  ]);
});

test("?: with tasks is a branch, in a chain, too; between artifacts at hand it is a one-of", () => {
  const pipeline = lower(
    `const text = kind === "a" ? "A" : kind === "b" ? word({ text: "B" }) : word({ text: "C" });
    use({ text });
    const one = train({ rows: load({ since: text }).rows });
    const two = train({ rows: load({ since: text }).rows });
    use({ model: kind === "x" ? one.model : two.model });`,
    { parameters: kind },
  );
  const lines = outline(pipeline);
  assert.equal(lines.slice(0, 9), [
    `if-1 if ($kind == "a")`,
    `if-1 else`,
    `  if-2 if ($kind == "b")`,
    `    word = word(text: "B")`,
    `  if-2 else`,
    `    word-2 = word(text: "C")`,
    `  if-2.value = word.Output | word-2.Output`,
    `if-1.text = "A" | if-2.value`,
    `use = use(text: if-1.text)`,
  ]);
  assert.equal(lines.slice(-4), [`if-3 if ($kind == "x")`, `if-3 else`, `if-3.model = train.model | train-2.model`, `use-2 = use(model: if-3.model)`]);
});

test("a test known at compile time leaves only its arm", () => {
  const pipeline = lower(`if (fast) word({ text: "fast" }); else word({ text: "slow" }); use({ text: fast ? word({ text: "a" }) : word({ text: "b" }) });`, { before: `const fast = 1 + 1 === 2;` });
  assert.equal(outline(pipeline), [`word = word(text: "fast")`, `word-2 = word(text: "a")`, `use = use(text: word-2.Output)`]);
});

test("a task in the test of an else if runs in the else", () => {
  const pipeline = lower(`if (kind === "a") word({ text: "1" }); else if (isGood({ text: "2" })) word({ text: "3" }); else word({ text: "4" });`, { parameters: kind });
  assert.equal(outline(pipeline), [
    `if-1 if ($kind == "a")`,
    `  word = word(text: "1")`,
    `if-1 else`,
    `  is-good = is-good(text: "2")`,
    `  if-2 if is-good.Output`,
    `    word-2 = word(text: "3")`,
    `  if-2 else`,
    `    word-3 = word(text: "4")`,
  ]);
});

// ---------------------------------------------------------------------------------------------- switch

test("switch: clauses may share a body, and default is the else wherever it stands", () => {
  const pipeline = lower(
    `let text: string;
    switch (kind) { default: text = "?"; break; case "a": case "b": text = word({ text: kind }); break; case "c": { text = "C"; break; } }
    use({ text });`,
    { parameters: kind },
  );
  assert.equal(outline(pipeline), [
    `if-1 if (($kind == "a") || ($kind == "b"))`,
    `  word = word(text: $kind)`,
    `if-1 else if ($kind == "c")`,
    `if-1 else`,
    `if-1.text = word.Output | "C" | "?"`,
    `use = use(text: if-1.text)`,
  ]);
});

test("switch over all literals of a type needs no default: the last clause is the else", () => {
  const pipeline = lower(`let text: string; switch (kind) { case "a": text = word({ text: "A" }); break; case "b": text = word({ text: "B" }); } use({ text });`, { parameters: `{ kind }: { kind: "a" | "b" }` });
  assert.equal(outline(pipeline), [`if-1 if ($kind == "a")`, `  word = word(text: "A")`, `if-1 else`, `  word-2 = word(text: "B")`, `if-1.text = word.Output | word-2.Output`, `use = use(text: if-1.text)`]);
});

test("switch over a constant leaves the clause that matches", () => {
  const pipeline = lower(`switch (mode) { case "a": word({ text: "A" }); break; case "b": word({ text: "B" }); break; default: word({ text: "C" }); }`, { before: `const mode: string = "b";` });
  assert.equal(outline(pipeline), [`word = word(text: "B")`]);
});

test("a clause that falls through is a mistake", () => {
  assert.equal(mistakes(`switch (kind) { case "a": word({ text: "A" });\ncase "b": word({ text: "B" }); }`, { parameters: kind }), [`1 HMC1001 A pipeline cannot contain a "case" that falls through to the next: it is compiled to a graph, not executed. Move it into an op.`]);
});

// ---------------------------------------------------------------------------------------------- early return

test("what follows an if that returns belongs to its other arm", () => {
  const pipeline = lower(`if (kind === "a") return { x: word({ text: "A" }) };\nconst b = word({ text: "B" });\nreturn { x: word({ text: b }) };`, { parameters: kind });
  assert.equal(outline(pipeline), [
    `if-1 if ($kind == "a")`,
    `  word = word(text: "A")`,
    `if-1 else`,
    `  word-2 = word(text: "B")`,
    `  word-3 = word(text: word-2.Output)`,
    `if-1.x = word.Output | word-3.Output`,
    `return { x: if-1.x }`,
  ]);
});

test("what follows a switch that returns in some clauses belongs to the others", () => {
  const pipeline = lower(`switch (kind) { case "a": return { x: word({ text: "A" }) }; case "b": word({ text: "B" }); break; default: return { x: "none" }; }\nreturn { x: word({ text: "rest" }) };`, { parameters: kind });
  assert.equal(outline(pipeline), [
    `if-1 if ($kind == "a")`,
    `  word = word(text: "A")`,
    `if-1 else if ($kind == "b")`,
    `  word-2 = word(text: "B")`,
    `  word-3 = word(text: "rest")`,
    `if-1 else`,
    `if-1.x = word.Output | word-3.Output | "none"`,
    `return { x: if-1.x }`,
  ]);
});

test("an else if that goes on and the missing else share what follows", () => {
  const pipeline = lower(`if (kind === "a") return { x: "0" };\nelse if (kind === "b") word({ text: "b" });\nreturn { x: word({ text: "rest" }) };`, { parameters: kind });
  assert.equal(outline(pipeline), [
    `if-1 if ($kind == "a")`,
    `if-1 else`,
    `  if-2 if ($kind == "b")`,
    `    word = word(text: "b")`,
    `  if-2 else`,
    `  word-2 = word(text: "rest")`,
    `if-1.x = "0" | word-2.Output`,
    `return { x: if-1.x }`,
  ]);
});

test("guards in a row, and a return of nothing", () => {
  const pipeline = lower(`if (a) return;\nif (b) { word({ text: "b" }); return; }\nword({ text: "rest" });`, { parameters: `{ a, b }: { a: boolean; b: boolean }` });
  assert.equal(outline(pipeline), [`if-1 if $a`, `if-1 else`, `  if-2 if $b`, `    word = word(text: "b")`, `  if-2 else`, `    word-2 = word(text: "rest")`]);
});

test("a partial return is fine where no task follows, and a mistake where one would have to stand twice", () => {
  const around = { parameters: `{ a, b }: { a: boolean; b: boolean }` };
  assert.equal(outline(lower(`if (a) { if (b) return { x: "0" }; word({ text: "not b" }); }\nreturn { x: "1" };`, around)).at(-1), `return { x: ($a ? ($b ? "0" : "1") : "1") }`);
  assert.equal(mistakes(`if (a) { if (b) return; word({ text: "not b" }); }\nword({ text: "rest" });`, around).map((found) => found.slice(0, 9)), ["1 HMC1008"]);
});

test("a table looked up by a run-time key is a choice", () => {
  const around = { parameters: `{ kind, other }: { kind: "a" | "b"; other: string }`, before: `const depths: Record<string, number> = { a: 1, b: 2 };` };
  assert.equal(outline(lower(`use({ number: { a: 1, b: 2 }[kind] }); use({ number: depths[other] });`, around)), [`use = use(number: (($kind == "a") ? 1 : 2))`, `use-2 = use(number: (($other == "a") ? 1 : (($other == "b") ? 2 : absent)))`]);
});

// ---------------------------------------------------------------------------------------------- && || ?? ?.

test("&& and || of values are conditions where a truth is asked for, and values elsewhere", () => {
  const pipeline = lower(
    `if (n > 1 && (kind === "a" || !flag)) word({ text: "x" });
    use({ text: kind || "untitled", flag: flag && n > 2 });`,
    { parameters: `{ kind, n, flag }: { kind: string; n: number; flag: boolean }` },
  );
  assert.equal(outline(pipeline), [`if-1 if (($n > 1) && (($kind == "a") || !$flag))`, `  word = word(text: "x")`, `if-1 else`, `use = use(text: (($kind != "") ? $kind : "untitled"), flag: ($flag && ($n > 2)))`]);
});

test("a task on the right of && or || runs only when the left side asks for it", () => {
  const pipeline = lower(
    `if (kind === "a" && isGood({ text: "1" })) word({ text: "both" });
    if (flag || isGood({ text: "2" })) word({ text: "either" });
    flag && word({ text: "3" });`,
    { parameters: `{ kind, flag }: { kind: string; flag: boolean }` },
  );
  assert.equal(outline(pipeline), [
    `if-1 if ($kind == "a")`,
    `  is-good = is-good(text: "1")`,
    `if-1 else`,
    `if-1.value = is-good.Output | false`,
    `if-2 if if-1.value`,
    `  word = word(text: "both")`,
    `if-2 else`,
    `if-3 if !$flag`,
    `  is-good-2 = is-good(text: "2")`,
    `if-3 else`,
    `if-3.value = is-good-2.Output | true`,
    `if-4 if if-3.value`,
    `  word-2 = word(text: "either")`,
    `if-4 else`,
    `if-5 if $flag`,
    `  word-3 = word(text: "3")`,
    `if-5 else`,
  ]);
});

test("?? has a fallback where the value may be missing; a task in it runs only then", () => {
  const pipeline = lower(
    `use({ text: t ?? "x", number: n ?? 1 });
    use({ text: t ?? word({ text: "fallback" }) });
    use({ text: plan({ names: [] }).config.note ?? "none" });`,
    { parameters: `{ t, n }: { t?: string; n: number }` },
  );
  assert.equal(outline(pipeline), [
    `use = use(text: ($t ?? "x"), number: $n)`,
    `if-1 if !present($t)`,
    `  word = word(text: "fallback")`,
    `if-1 else`,
    `if-1.text = word.Output | $t`,
    `use-2 = use(text: if-1.text)`,
    `plan = plan(names: [])`,
    `use-3 = use(text: (plan.config.note ?? "none"))`,
  ]);
});

test("?? after a branch fills the arms that give no value, at any depth", () => {
  const pipeline = lower(
    `let x: string | undefined; if (a) { if (b) x = word({ text: "1" }); }
    use({ text: x ?? "none" });`,
    { parameters: `{ a, b }: { a: boolean; b: boolean }` },
  );
  assert.equal(outline(pipeline).slice(-3), [`if-1 else`, `if-1.x = if-2.x | "none"`, `use = use(text: if-1.x)`]);
  assert.ok(outline(pipeline).includes(`  if-2.x = word.Output | "none"`));
});

test("a value that only some arms give is absent in the others, and so are its members", () => {
  const pipeline = lower(`let fit; if (a) fit = train({ rows: load({ since: "x" }).rows }); use({ model: fit?.model, number: fit?.auc ?? 0.5 });`, { parameters: `{ a }: { a: boolean }` });
  assert.equal(outline(pipeline).slice(-4), [`if-1 else`, `if-1.fit.model = train.model | absent`, `if-1.fit.auc = train.auc | 0.5`, `use = use(model: if-1.fit.model, number: if-1.fit.auc)`]);
});

test("a condition on an optional value asks whether it is there", () => {
  const pipeline = lower(`if (t) word({ text: t }); if (t !== undefined) word({ text: t }); if (!f) word({ text: "n" }); use({ text: t?.trim().toUpperCase() });`, { parameters: `{ t, f }: { t?: string; f?: boolean }` });
  assert.equal(outline(pipeline).filter((line) => !line.startsWith("  ") && !line.endsWith("else")), [
    `if-1 if (present($t) && ($t != ""))`,
    `if-2 if present($t)`,
    `if-3 if !(present($f) && $f)`,
    `use = use(text: (present($t) ? toUpperCase(trim($t)) : absent))`,
  ]);
});

test.run();

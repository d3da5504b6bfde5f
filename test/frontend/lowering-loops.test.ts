/** Loops: what they go over, what they collect, what they bound. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { nodesOf } from "../../compiler/ir/traverse.ts";
import { lower, mistakes, outline } from "./lowered.ts";

const names = { parameters: `{ names, n }: { names: string[]; n: Int }` };

test("for…of over a parameter, constants, an output and a field of its items", () => {
  const pipeline = lower(
    `for (const name of names) use({ text: name });
    for (const x of [1, 2, 3]) use({ number: x });
    const planned = plan({ names });
    for (const item of planned.items) for (const tag of item.tags) use({ text: \`\${item.name}-\${tag}\` });`,
    names,
  );
  assert.equal(outline(pipeline), [
    `for-1 of $names`,
    `  use = use(text: for-1.item)`,
    `for-2 of [1,2,3]`,
    `  use-2 = use(number: for-2.item)`,
    `plan = plan(names: $names)`,
    `for-3 of plan.items`,
    `  for-4 of for-3.item.tags`,
    `    use-3 = use(text: \`{for-3.item.name}-{for-4.item}\`)`,
  ]);
});

test("items can be destructured, with entries() for the index", () => {
  const pipeline = lower(
    `for (const { name, depth: d } of plan({ names }).items) use({ text: name, number: d });
    for (const [index, name] of names.entries()) use({ text: name, number: index });
    names.forEach((name, index) => use({ text: name, number: index }));`,
    names,
  );
  assert.equal(outline(pipeline), [
    `plan = plan(names: $names)`,
    `for-1 of plan.items`,
    `  use = use(text: for-1.item.name, number: for-1.item.depth)`,
    `for-2 of $names`,
    `  use-2 = use(text: for-2.item, number: for-2.index)`,
    `for-3 of $names`,
    `  use-3 = use(text: for-3.item, number: for-3.index)`,
  ]);
});

test("the names and types of items are kept", () => {
  const [node] = [...nodesOf(lower(`for (const item of plan({ names }).items) use({ text: item.name });`, names).body)].filter((candidate) => candidate.kind === "loop");
  assert.ok(node?.kind === "loop");
  assert.is(node.itemName, "item");
  assert.is(node.itemType.kind, "struct");
});

test("map gives a fan-in of parameters and of artifacts", () => {
  const pipeline = lower(
    `const words = names.map((text) => word({ text }));
    use({ list: words, number: words.length });
    const models = names.map((since) => train({ rows: load({ since }).rows }).model);
    use({ models });
    return { words };`,
    names,
  );
  assert.equal(outline(pipeline), [
    `for-1 of $names`,
    `  word = word(text: for-1.item)`,
    `use = use(list: [for-1: word.Output], number: length($names))`,
    `for-2 of $names`,
    `  load = load(since: for-2.item)`,
    `  train = train(rows: load.rows)`,
    `use-2 = use(models: [for-2: train.model])`,
    `return { words: [for-1: word.Output] }`,
  ]);
  assert.equal(pipeline.outputs["words"]?.type, { kind: "list", items: { kind: "string" } });
});

test("map over tasks only takes one of their outputs: no loop of its own", () => {
  const pipeline = lower(
    `const fits = names.map((since) => train({ rows: load({ since }).rows }));
    use({ models: fits.map((fit) => fit.model), numbers: fits.map(({ auc }) => auc) });
    use({ list: fits.map((fit) => \`auc \${fit.auc}\`) });
    use({ models: fits.map((fit) => (fit.auc > 0.5 ? fit.model : fit.model)) });`,
    names,
  );
  assert.equal(outline(pipeline).slice(3), [
    ...[`  if-1 if (train.auc > 0.5)`, `  if-1 else`, `  if-1.value = train.model | train.model`],
    `use = use(models: [for-1: train.model], numbers: [for-1: train.auc])`,
    `use-2 = use(list: [for-1: \`auc {train.auc}\`])`,
    `use-3 = use(models: [for-1: if-1.value])`,
  ]);
});

test("a loop over the tasks of an earlier loop goes over the output that it uses, or over the same items", () => {
  const pipeline = lower(
    `const fits = names.map((since) => train({ rows: load({ since }).rows }));
    const notes = fits.map((fit) => word({ text: \`\${fit.auc}\` }));
    for (const fit of fits) use({ model: fit.model });
    for (const fit of fits) word({ text: "each" });
    use({ list: notes }).after(...fits);`,
    names,
  );
  assert.equal(outline(pipeline).slice(3), [
    `for-2 of [for-1: train.auc]`,
    `  word = word(text: \`{for-2.item}\`)`,
    `for-3 of [for-1: train.model]`,
    `  use = use(model: for-3.item)`,
    `for-4 of $names`,
    `  word-2 = word(text: "each")`,
    `use-2 = use(list: [for-2: word.Output]) after for-1`,
  ]);
});

test("iterations may give objects of tasks and items", () => {
  const pipeline = lower(
    `const runs = names.map((name) => { const text = word({ text: name }); return { text, name, fit: train({ rows: load({ since: text }).rows }) }; });
    use({ list: runs.map((run) => run.text), models: runs.map((run) => run.fit.model) });
    for (const run of runs) use({ model: run.fit.model });
    for (const { name } of runs) use({ text: name });`,
    names,
  );
  assert.equal(outline(pipeline).slice(4), [
    `use = use(list: [for-1: word.Output], models: [for-1: train.model])`,
    `for-2 of [for-1: train.model]`,
    `  use-2 = use(model: for-2.item)`,
    `for-3 of $names`,
    `  use-3 = use(text: for-3.item)`,
  ]);
});

test("an element of a fan-in, and a member of one", () => {
  const pipeline = lower(`const fits = names.map((since) => train({ rows: load({ since }).rows })); const first = fits[0]!; use({ model: first.model, number: first.auc }); use({ number: fits[n]!.auc });`, names);
  assert.equal(outline(pipeline).slice(-2), [`use = use(model: [for-1: train.model][0], number: [for-1: train.auc][0])`, `use-2 = use(number: [for-1: train.auc][$n])`]);
});

test("entries, keys and values of an object of tasks are known one by one", () => {
  const pipeline = lower(`const all = { a: word({ text: "1" }), b: word({ text: "2" }) }; for (const [key, text] of Object.entries(all)) use({ text: \`\${key}\${text}\` }); use({ list: [...Object.keys(all), ...Object.values(all)] });`);
  assert.equal(outline(pipeline).slice(2), [`use = use(text: \`a{word.Output}\`)`, `use-2 = use(text: \`b{word-2.Output}\`)`, `use-3 = use(list: ["a", "b", word.Output, word-2.Output])`]);
});

test("nested maps collect lists of lists; flat and flatMap make one list", () => {
  const pipeline = lower(
    `const nested = names.map((a) => ["x", "y"].map((b) => word({ text: a + b })));
    use({ list: nested.flat() });
    use({ list: nested[0]! });
    use({ list: names.flatMap((a) => ["z"].map((b) => word({ text: a + b }))) });`,
    names,
  );
  assert.equal(outline(pipeline), [
    `for-1 of $names`,
    `  for-2 of ["x","y"]`,
    `    word = word(text: \`{for-1.item}{for-2.item}\`)`,
    `use = use(list: flat([for-1: [for-2: word.Output]]))`,
    `use-2 = use(list: [for-1: [for-2: word.Output]][0])`,
    `for-3 of $names`,
    `  for-4 of ["z"]`,
    `    word-2 = word(text: \`{for-3.item}{for-4.item}\`)`,
    `use-3 = use(list: flat([for-3: [for-4: word-2.Output]]))`,
  ]);
});

test("flat goes as deep as asked, and no deeper than the lists are", () => {
  const pipeline = lower(
    `const deep = names.map((a) => names.map((b) => names.map((c) => word({ text: a + b + c }))));
    use({ list: deep.flat(2) });
    use({ list: deep.flat(9) });
    use({ list: [["a"], ["b"]].flat() });`,
    names,
  );
  assert.equal(outline(pipeline).slice(4), [`use = use(list: flat(flat([for-1: [for-2: [for-3: word.Output]]])))`, `use-2 = use(list: flat(flat([for-1: [for-2: [for-3: word.Output]]])))`, `use-3 = use(list: ["a","b"])`]);
});

test("a list to which each iteration pushes once is a fan-in, flat over nested loops", () => {
  const pipeline = lower(
    `const list: string[] = [];
    for (const name of names) { const text = word({ text: name }); list.push(text); }
    const flat: string[] = [];
    for (const a of names) for (const b of ["x"]) flat.push(word({ text: a + b }));
    use({ list });
    use({ list: flat });`,
    names,
  );
  assert.equal(outline(pipeline).slice(-2), [`use = use(list: [for-1: word.Output])`, `use-2 = use(list: flat([for-2: [for-3: word-2.Output]]))`]);
});

test("how many results a loop over known items gives is a constant", () => {
  const pipeline = lower(`const words = ["a", "b"].map((text) => word({ text })); const more = range(3).map((n) => word({ text: String(n) })); use({ number: words.length }); use({ number: more.length });`);
  assert.equal(outline(pipeline).slice(-2), [`use = use(number: 2)`, `use-2 = use(number: 3)`]);
});

test("pushing all of a list that an inner loop gives is the same fan-in as pushing in the inner loop", () => {
  const spread = `const all: string[] = []; for (const a of names) { const inner: string[] = []; for (const b of names) inner.push(word({ text: a + b })); all.push(...inner); } use({ list: all });`;
  const direct = `const all: string[] = []; for (const a of names) { for (const b of names) { all.push(word({ text: a + b })); } } use({ list: all });`;
  const parameters = "{ names }: { names: string[] }";
  assert.equal(outline(lower(spread, { parameters })), outline(lower(direct, { parameters })));
  const known = lower(`const list: string[] = ["x"]; const more = ["y", "z"]; list.push(...more); use({ list });`);
  assert.match(outline(known).join(), /use\(\{? ?list: \["x","y","z"\]/);
});

test("pushing constants, and pushing outside of loops, makes a list of known items", () => {
  const pipeline = lower(`const list: number[] = [0]; for (const x of [1, 2]) { const y = x * 2; void y; } const doubled: number[] = []; for (const x of [1, 2]) doubled.push(x * 2); list.push(9); use({ numbers: list }); use({ numbers: doubled });`);
  assert.equal(outline(pipeline), [`use = use(numbers: [0,9])`, `use-2 = use(numbers: [2,4])`]);
});

test("range and limit", () => {
  const pipeline = lower(
    `for (const i of range(n)) use({ number: i });
    for (const i of limit(range(3), 2)) use({ number: i });
    for (const [i, name] of limit(names, 4).entries()) use({ text: name, number: i });
    use({ list: limit(names, 1).map((text) => word({ text })) });`,
    names,
  );
  assert.equal(outline(pipeline), [
    `for-1 of range($n)`,
    `  use = use(number: for-1.item)`,
    `for-2 of range(3) by 2`,
    `  use-2 = use(number: for-2.item)`,
    `for-3 of $names by 4`,
    `  use-3 = use(text: for-3.item, number: for-3.index)`,
    `for-4 of $names by 1`,
    `  word = word(text: for-4.item)`,
    `use-4 = use(list: [for-4: word.Output])`,
  ]);
});

test("a list of tasks is unrolled; limit makes later iterations wait", () => {
  const pipeline = lower(`
    const steps = [word({ text: "a" }), word({ text: "b" }), word({ text: "c" })];
    use({ list: steps.map((step, index) => word({ text: \`\${step}\${index}\` })) });
    for (const step of limit(steps, 2)) use({ text: step });
    for (const { step, number } of [{ step: steps[0]!, number: 1 }]) use({ text: step, number });`);
  assert.equal(outline(pipeline).slice(3), [
    `word-4 = word(text: \`{word.Output}0\`)`,
    `word-5 = word(text: \`{word-2.Output}1\`)`,
    `word-6 = word(text: \`{word-3.Output}2\`)`,
    `use = use(list: [word-4.Output, word-5.Output, word-6.Output])`,
    `use-2 = use(text: word.Output)`,
    `use-3 = use(text: word-2.Output)`,
    `use-4 = use(text: word-3.Output) after use-2`,
    `use-5 = use(text: word.Output, number: 1)`,
  ]);
});

test("branches in loops and loops in branches", () => {
  const pipeline = lower(
    `use({ list: names.map((name) => (n > 1 ? word({ text: name }) : name)) });
    use({ list: n > 2 ? names.map((text) => word({ text })) : ["none"] });`,
    names,
  );
  assert.equal(outline(pipeline), [
    `for-1 of $names`,
    `  if-1 if ($n > 1)`,
    `    word = word(text: for-1.item)`,
    `  if-1 else`,
    `  if-1.value = word.Output | for-1.item`,
    `use = use(list: [for-1: if-1.value])`,
    `if-2 if ($n > 2)`,
    `  for-2 of $names`,
    `    word-2 = word(text: for-2.item)`,
    `if-2 else`,
    `if-2.list = [for-2: word-2.Output] | ["none"]`,
    `use-2 = use(list: if-2.list)`,
  ]);
});

test("filter keeps constants by a constant test", () => {
  assert.equal(outline(lower(`["a", "b", "c"].filter((x) => x !== "b").forEach((text) => { word({ text }); });`)), [`for-1 of ["a","c"]`, `  word = word(text: for-1.item)`]);
  assert.equal(codes(`use({ list: names.filter((name) => name !== "b") });`), ["1 HMC1003"]);
});

test("what no graph can loop over is a mistake", () => {
  assert.equal(codes(`let last = "";\nfor (const name of names) { last = word({ text: name }); }\nuse({ text: last });`), ["2 HMC1006"]);
  assert.equal(codes(`let joined = "";\nfor (const name of names) { joined += word({ text: name }); }\nuse({ text: joined });`), ["2 HMC1006"]);
  assert.equal(codes(`const list: string[] = [];\nfor (const name of names) { if (n > 1) list.push(word({ text: name })); }`), ["2 HMC1013"]);
  assert.equal(codes(`const list: string[] = [];\nfor (const name of names) { list.push(word({ text: name }));\nlist.push("x"); }`), ["3 HMC1013"]);
  assert.equal(codes(`const list: string[] = [];\nfor (const name of names) list.push(name);\nuse({ list });`), ["2 HMC1003"]);
  assert.equal(codes(`use({ list: names.map((name) => name.trim()) });`), ["1 HMC1003"]);
  assert.equal(codes(`for (const name of limit(names, n)) word({ text: name });`), ["1 HMC1011"]);
  assert.equal(codes(`for (let i = 0; i < 3; i++) word({ text: "x" });\nfor (const key in { a: 1 }) word({ text: key });`), ["1 HMC1009", "2 HMC1009"]);
});

test("a loop over earlier tasks goes over one of their outputs, and finds the others by its index", () => {
  assert.equal(outline(lower(`const fits = names.map((since) => train({ rows: load({ since }).rows })); for (const fit of fits) use({ model: fit.model, number: fit.auc });`, names)).slice(3), [
    `for-2 of [for-1: train.model]`,
    `  use = use(model: for-2.item, number: [for-1: train.auc][for-2.index])`,
  ]);
  assert.equal(codes(`const fits = names.map((since) => train({ rows: load({ since }).rows }));\nfor (const fit of fits) use({ number: fit.auc,\nmodel: fit.model });`), ["3 HMC1015"]);
});

function codes(body: string): string[] {
  return mistakes(body, names).map((found) => found.split(" ").slice(0, 2).join(" "));
}

test.run();

/** `hmc/graph`: the picture of the pipeline around the cursor, asked of the real server. */
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { folderWith } from "../cli/hmc.ts";
import { Client } from "./client.ts";

const source = `import { op, pipeline, type Int } from "hmc";
export const load = op({ image: "acme/a:1" }, async ({ n }: { n: Int }): Promise<Int> => n);
export const first = pipeline(({ n = 1 }: { n?: Int }) => {
  const loaded = load({ n });
  if (loaded > 3) {
    load({ n: loaded });
  }
});
export const second = pipeline(() => {
  load({ n: 5 });
});
`;

interface Answer {
  pipeline: string;
  svg: string;
  places: Record<string, { uri: string; range: { start: { line: number; character: number } } }>;
  current?: string;
}

const client = new Client();
test.before(async () => void (await client.start([])));
test.after(async () => assert.is(await client.stop(), 0));

test("the pipeline around the cursor, what the cursor is in, and where each box is written", async () => {
  const path = join(folderWith({ "package.json": '{ "type": "module" }', "pipeline.ts": source }), "pipeline.ts");
  const uri = await client.open(path, source);
  const ask = (line: number, character: number): Promise<Answer | null> => client.connection.sendRequest("hmc/graph", { textDocument: { uri }, position: { line, character } });
  const inCall = await ask(5, 6);
  assert.equal([inCall?.pipeline, inCall?.current], ["first", "load-2"]);
  assert.equal(Object.fromEntries(Object.entries(inCall?.places ?? {}).map(([id, { uri: at, range }]) => [id, [at === uri, range.start.line, range.start.character]])), { load: [true, 3, 17], "if-1-arm-1": [true, 4, 6], "load-2": [true, 5, 4] });
  for (const id of ["load", "if-1-arm-1", "load-2"]) assert.match(inCall?.svg ?? "", `data-id="${id}"`);
  const after = await ask(8, 20);
  assert.equal([after?.pipeline, after?.current], ["second", undefined]);
  assert.is((await ask(9, 4))?.current, "load-3" in ((await ask(9, 4))?.places ?? {}) ? "load-3" : "load");
  assert.is((await ask(0, 0))?.pipeline, "first");
  // Half-typed code keeps the last picture.
  await client.change(uri, source.replace("load({ n: 5 });", "load({ n: "));
  assert.is((await ask(9, 4))?.pipeline, "second");
  const plain = join(folderWith({ "a.ts": "export {};\n" }), "a.ts");
  assert.is(await client.connection.sendRequest("hmc/graph", { textDocument: { uri: await client.open(plain, "export {};\n") }, position: { line: 0, character: 0 } }), null);
});

test.run();

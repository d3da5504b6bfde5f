/** A pipeline of two tasks with a folder between them. Each op says in `starts.txt` that it runs; `size` fails while the file `broken` exists. */
export const twoTasks = `import { importArtifact, op, pipeline, type Dataset, type Int } from "hmc";
import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
function says(name: string): void { appendFileSync("starts.txt", name + "\\n"); }
export const make = op(async (input: { rows: Int }, out: { table: Dataset }) => {
  says("make");
  mkdirSync(out.table.path + "/parts", { recursive: true });
  writeFileSync(out.table.path + "/parts/a.csv", "x".repeat(input.rows));
  writeFileSync(out.table.path + "/run.sh", "#!/bin/sh", { mode: 0o755 });
});
export const size = op(async (input: { table: Dataset }) => {
  says("size");
  if (existsSync("broken")) throw new Error("broken");
  return readFileSync(input.table.path + "/parts/a.csv", "utf8").length as number;
});
export const read = op({ cache: true }, async (input: { table: Dataset }) => {
  says("read");
  const { path, uri } = input.table;
  const text = statSync(path).isDirectory() ? readdirSync(path, { recursive: true }).sort().join(" ") : readFileSync(path, "utf8");
  return { text: text as string, uri: uri as string };
});
export const main = pipeline(({ rows = 3 }: { rows?: Int }) => ({ size: size({ table: make({ rows }).table }) }));
export const reading = pipeline(({ table }: { table: Dataset }) => {
  const result = read({ table });
  return { text: result.text, uri: result.uri };
});
export const importing = pipeline(({ uri }: { uri: string }) => {
  const result = read({ table: importArtifact<Dataset>({ uri }) });
  return { text: result.text, uri: result.uri };
});
`;

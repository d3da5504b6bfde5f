/** Pipelines for the tests of `hmc/testing`. */
import { container, importArtifact, op, pipeline, runStatus, type Dataset, type Int, type Model, type RunStatus } from "hmc";
import { readFileSync, writeFileSync } from "node:fs";

export const load = op(async (input: { name: string }, out: { rows: Dataset }) => {
  writeFileSync(out.rows.path, input.name);
  return { count: input.name.length };
});
export const fit = op(async (input: { rows: Dataset; depth: Int }, out: { model: Model }) => {
  writeFileSync(out.model.path, readFileSync(input.rows.path, "utf8"));
  return { auc: input.depth / 10 };
});
export const publish = op(async (input: { model: Model }) => readFileSync(input.model.path, "utf8"));
export const unsure = op({ retry: { count: 2, backoff: "1m" } }, async (): Promise<number> => 1);
export const after = op(async ({ tries }: { tries: number }) => tries);
export const long = op({ timeout: "2h" }, async ({ part }: { part: Int }) => part);
export const sum = op(async ({ parts }: { parts: number[] }) => parts.reduce((a, b) => a + b, 0));
export const tell = op(async ({ text }: { text: string }) => text);
export const status = op(async ({ status }: { status: RunStatus }) => status.state);
export const read = op(async ({ data }: { data: Dataset }) => readFileSync(data.path, "utf8"));
export const etl = container({ image: "acme/etl:1" }, (input: { query: string }, out: { rows: Dataset }) => ({ command: ["etl", input.query, out.rows.path] }));

export const training = pipeline(({ depth = 4 }: { depth?: Int }) => {
  const loaded = load({ name: "all" });
  const made = fit({ rows: loaded.rows, depth });
  const note = made.auc > 0.5 ? publish({ model: made.model }) : "too bad";
  return { auc: made.auc, note };
});

export const flaky = pipeline(() => ({ tries: after({ tries: unsure() }) }));

export const patient = pipeline(() => ({ sum: sum({ parts: [1, 2, 3].map((part) => long({ part })) }) }));

const nested = pipeline({ name: "nested" }, ({ rows }: { rows: Dataset }) => {
  const text = read({ data: rows });
  tell({ text });
  return { text };
});

export const whole = pipeline(() => {
  let value = 0;
  try {
    value = unsure();
  } catch {
    value = -1;
  } finally {
    tell({ text: status({ status: runStatus() }) });
  }
  const data = importArtifact<Dataset>({ uri: "s3://acme/rows.csv" });
  const uri = read({ data });
  const made = nested({ rows: etl({ query: "select" }).rows });
  return { value, uri, text: made.text };
});

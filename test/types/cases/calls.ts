// What may be given to an op, and what not. The number after @ts-expect-error is the code of the error that must be there.
import { op, pipeline, type Dataset, type Int, type Model } from "../../../compiler/language/index.ts";

const load = op(async (input: { from: string; limit?: Int }, out: { rows: Dataset }) => {
  void [input, out];
});
const train = op({ cpu: 2 }, async ({ data, depth = 6 }: { data: Dataset; depth?: Int }, out: { model: Model }) => {
  void [data, depth, out];
  return { auc: 0.9 };
});
const compare = op(async (input: { models: Model[]; kind: "auc" | "loss" }) => {
  void input;
});
const tick = op(() => {});

export const calls = pipeline(() => {
  const rows = load({ from: "2013" });
  load({ from: "2013", limit: 3 }, { retry: 2 });
  train({ data: rows.rows });
  train({ data: rows.rows, depth: 3 }).after(rows).before(tick());
  compare({ models: [train({ data: rows.rows }).model], kind: "auc" });
  tick();
  tick({});
  tick({}, { name: "again", ignoreUpstreamFailure: true });

  // @ts-expect-error 2554: a required input, and no argument
  train();
  // @ts-expect-error 2345: a required input is missing
  train({});
  // @ts-expect-error 2561: misspelt
  train({ data: rows.rows, dept: 3 });
  // @ts-expect-error 2322: nothing is an input here
  tick({ rows: 1 });
  // @ts-expect-error 2322: text for a number
  train({ data: rows.rows, depth: "3" });
  // @ts-expect-error 2322: not one of the literals
  compare({ models: [], kind: "accuracy" });
  // @ts-expect-error 2740: one artifact for a list of them
  compare({ models: train({ data: rows.rows }).model, kind: "auc" });
  // @ts-expect-error 2554: more than inputs and options
  load({ from: "2013" }, {}, {});
  const maybe: string | undefined = rows.rows.uri === "" ? undefined : "2013";
  // @ts-expect-error 2322: a value that may be absent, for a required input
  load({ from: maybe });
  // @ts-expect-error 2345: text is no task
  rows.after("load");
  // @ts-expect-error 2339: ordering is all that a task can do
  rows.then();
});

// What a call gives: real types, and no `any`.
import { container, importArtifact, limit, op, pipeline, range, runStatus, type Dataset, type Int, type Model, type RunStatus, type TaskHandle } from "../../../compiler/language/index.ts";

type IsAny<T> = 0 extends 1 & T ? true : false;
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function holds<Condition extends true>(): void {
  void 0 as Condition | void;
}

const train = op(async (input: { data?: Dataset }, out: { model: Model }) => {
  void [input, out];
  return { auc: 0.9, tags: ["a"], state: "new" as "new" | "old", grid: { depth: [1, 2] } };
});
const score = op(async () => 0.5);
const check = op(() => true);
const title = op(() => "x");
const names = op(async (): Promise<string[]> => ["a"]);
const count = op(async (): Promise<Int> => 3);
const ship = op(async (input: { model: Model }) => {
  void input;
});
const etl = container({ image: "etl:1.4" }, (input: { sql: string }, out: { rows: Dataset; count: Int }) => ({ args: [input.sql, out.rows.path] }));
const inner = pipeline(({ depth = 6 }: { depth?: Int }) => ({ auc: score(), depth }));
const silent = pipeline(() => {
  score();
});

export const results = pipeline(() => {
  const fit = train();
  holds<Same<IsAny<typeof fit>, false>>();
  holds<Same<typeof fit.auc, number>>();
  holds<Same<typeof fit.tags, string[]>>();
  holds<Same<typeof fit.state, "new" | "old">>();
  holds<Same<typeof fit.grid.depth, number[]>>();
  holds<Same<typeof fit.model, Model>>();
  const handle: TaskHandle = fit.after(fit);
  holds<Same<IsAny<typeof handle>, false>>();
  // @ts-expect-error 2339: no such output
  fit.auk;

  const value = score();
  holds<Same<IsAny<typeof value>, false>>();
  const doubled: number = value * 2;
  const good: boolean = value > 0.8 && doubled < 2;
  const text: string = `${title()} ${value}`;
  const flag: boolean = check();
  const whole: Int = count();
  void [good, text, flag, whole];
  if (check()) ship({ model: fit.model }).after(value);

  const list = names();
  holds<Same<IsAny<typeof list>, false>>();
  const lengths = list.map((name) => name.length);
  holds<Same<typeof lengths, number[]>>();
  for (const name of list) holds<Same<typeof name, string>>();
  const models = list.map(() => train().model);
  holds<Same<typeof models, Model[]>>();

  const shipped = ship({ model: fit.model });
  // @ts-expect-error 2339: an op without a result has no outputs
  shipped.auc;

  const loaded = etl({ sql: "select 1" });
  holds<Same<IsAny<typeof loaded>, false>>();
  holds<Same<typeof loaded.rows, Dataset>>();
  holds<Same<typeof loaded.count, Int>>();

  const nested = inner({ depth: 3 }, { retry: 1 });
  holds<Same<IsAny<typeof nested>, false>>();
  const auc: number = nested.auc;
  inner().after(nested, silent());
  // @ts-expect-error 2339: no such output of a pipeline
  nested.loss;
  // @ts-expect-error 2561: misspelt parameter of a pipeline
  inner({ dept: 3 });

  const raw = importArtifact<Dataset>({ uri: "s3://bucket/rows.csv", reimport: true, metadata: { source: "bq" } });
  holds<Same<IsAny<typeof raw>, false>>();
  train({ data: raw });
  train({ data: raw.artifact });
  raw.after(value);
  // @ts-expect-error 2344: not an artifact type
  importArtifact<string>({ uri: "s3://bucket/rows.csv" });
  // @ts-expect-error 2345: no place
  importArtifact<Dataset>({});

  const limited = limit(["a", "b"], 2);
  holds<Same<typeof limited, string[]>>();
  const indexes = range(3);
  holds<Same<typeof indexes, Int[]>>();
  const status = runStatus();
  holds<Same<typeof status, RunStatus>>();
  holds<Same<IsAny<typeof status.error.message>, false>>();
  return { auc, best: fit.model };
});

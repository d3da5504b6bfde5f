// Inputs that the engine gives, and artifact types with versions. The number after @ts-expect-error is the code of the error that must be there.
import { container, op, pipeline, type Artifact, type Dataset, type Int, type Model, type TaskConfig } from "../../../compiler/language/index.ts";

const train = op({ passthrough: ["env", { setting: "resources", applyToTask: true }], metadata: { model: { kind: "tree" } } }, async (input: { nodes: Int; config: TaskConfig }, out: { model: Model }) => {
  const kinds: readonly Readonly<Record<string, unknown>>[] | undefined = input.config.env;
  void [kinds, out];
});
const launch = container({ image: "launch:1" }, (input: { config?: TaskConfig }) => ({ command: ["launch", JSON.stringify(input.config)] }));
const loose = op(async (input: { any: any; record: Record<string, string>; object: object; config: TaskConfig }) => {
  void input;
});

interface Tokenizer extends Artifact<"acme.Tokenizer"> {}
type Old = Artifact<"google.VertexModel", "0.0.0">;
type New = Artifact<"google.VertexModel">;
type Schema = Artifact<"", "", "title: acme.Table">;
const make = op(async (_input: {}, out: { old: Old; recent: New; tokens: Tokenizer; data: Dataset; table: Schema }) => {
  void out;
});
const look = op(async (input: { thing: Artifact; named?: Artifact<string>; old?: Old; recent?: New; list?: Artifact[]; tokens?: Tokenizer; table?: Schema }) => {
  void input;
});

export const calls = pipeline(() => {
  train({ nodes: 2 });
  launch();
  launch({}, { retry: 1 });
  loose({ any: 1, record: { a: "b" }, object: {} });
  const made = make();
  look({ thing: made.old, named: made.data, old: made.old, recent: made.recent, list: [made.data, made.old, made.tokens, made.table], tokens: made.tokens, table: made.table });
  look({ thing: made.data, old: made.recent, recent: made.old, named: made.recent });

  // @ts-expect-error 2353: the engine gives it
  train({ nodes: 2, config: {} });
  // @ts-expect-error 2554: the other input is required
  train();
  // @ts-expect-error 2345: the other inputs are required
  loose({ any: 1 });
  // @ts-expect-error 2322: another type of artifact
  look({ thing: made.data, old: made.data });
  // @ts-expect-error 2322: any artifact is no tokenizer
  look({ thing: made.data, tokens: made.data as Artifact });
  // @ts-expect-error 2322: no such setting
  op({ passthrough: ["labels"] }, async () => {});
});

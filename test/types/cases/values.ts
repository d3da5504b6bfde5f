// Int, artifacts and secrets.
import { op, pipeline, secret, type Artifact, type Dataset, type HTML, type Int, type Metrics, type Model } from "../../../compiler/language/index.ts";

interface Tokenizer extends Artifact<"acme.Tokenizer"> {}

const train = op(async (input: { data: Dataset; depth?: Int; rate?: number }, out: { model: Model; tokenizer: Tokenizer; report: HTML; metrics: Metrics }) => {
  // In the code of an op, inputs are files and numbers, and outputs take metadata.
  const path: string = input.data.path;
  const depth: number = input.depth ?? 6;
  out.metrics.metadata["auc"] = depth;
  out.model.metadata["framework"] = path;
  return { trees: 3 as Int };
});
const encode = op((input: { tokenizer: Tokenizer }) => {
  void input;
});
const archive = op((input: { thing: Artifact }) => {
  void input;
});
const show = op((input: { text: string; anything: Record<string, string> }) => {
  void input;
});
declare const data: Dataset;

export const values = pipeline(() => {
  // Int goes both ways.
  const whole: Int = 3;
  const number: number = whole;
  const back: Int = number;
  const fit = train({ data, depth: back + 1, rate: whole });
  const trees: number = fit.trees;
  const sum: Int = fit.trees + trees;
  void sum;

  encode({ tokenizer: fit.tokenizer });
  archive({ thing: fit.model });
  archive({ thing: data });
  // @ts-expect-error 2322: a model is no dataset
  train({ data: fit.model });
  // @ts-expect-error 2740: a task is not its artifact
  train({ data: fit });
  // @ts-expect-error 2322: an artifact type of the user's own is not another
  encode({ tokenizer: fit.model });
  const some: Artifact = fit.model;
  // @ts-expect-error 2322: any artifact is not a dataset
  train({ data: some });
  // @ts-expect-error 2739: an artifact is made by a task, not by hand
  train({ data: { name: "rows", uri: "s3://rows", path: "/rows", metadata: {} } });
  // @ts-expect-error 2322: a path is not an artifact
  train({ data: data.path });

  show({ text: "x", anything: {} }, { env: { TOKEN: secret("tokens", "hub"), MODE: "fast" }, secrets: { KEY: secret("tokens", "key") } });
  // @ts-expect-error 2322: a secret is not a parameter
  show({ text: secret("tokens", "hub"), anything: {} });
  // @ts-expect-error 2322: nor inside of one
  show({ text: "x", anything: { token: secret("tokens", "hub") } });
  // @ts-expect-error 2322: nor a number
  train({ data, depth: secret("tokens", "hub") });
  // @ts-expect-error 2322: nor a label
  show({ text: "x", anything: {} }, { labels: { token: secret("tokens", "hub") } });
  // @ts-expect-error 2322: nor an image
  show({ text: "x", anything: {} }, { image: secret("tokens", "hub") });
  // @ts-expect-error 2322: text is not a secret
  show({ text: "x", anything: {} }, { secrets: { KEY: "hub" } });
  // @ts-expect-error 2339: nobody reads a secret
  secret("tokens", "hub").value;
});

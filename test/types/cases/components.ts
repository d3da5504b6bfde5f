/** Components and pipelines of files: typed by the name of the file, wherever it lies. */
import { component, pipeline, type Dataset, type Int, type Op, type Pipeline } from "hmc";

declare module "hmc" {
  interface Components {
    "resize.component.yaml": Op<{ images: Dataset; width: Int; quality?: number | undefined }, { small: Dataset }, { count: Int }>;
    "measure.yaml": Op<{ text: string }, {}, number>;
    "prepare.yaml": Pipeline<{ text: string }, { table: Dataset; rows: Int | undefined }>;
  }
}

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const isTrue = <T extends true>(): T | undefined => undefined;

const resize = component("./images/resize.component.yaml");
const upwards = component("../../components/measure.yaml");
const bare = component("measure.yaml");
const prepare = component("./prepare.yaml");

isTrue<Equal<typeof upwards, typeof bare>>();
isTrue<Equal<typeof upwards, Op<{ text: string }, {}, number>>>();

export const p = pipeline(({ limit }: { limit?: number }) => {
  const prepared = prepare({ text: "a" });
  const size = upwards({ text: "a" });
  const small = resize({ images: prepared.table, width: 10, quality: limit }, { cpu: 2 }).after(size);
  isTrue<Equal<typeof small.count, Int>>();
  isTrue<Equal<typeof prepared.rows, Int | undefined>>();
  // @ts-expect-error 2345
  resize({ images: small.small });
  // @ts-expect-error 2322
  resize({ images: small.small, width: "10" });
  // @ts-expect-error 2322
  resize({ images: small.small, width: prepared.rows });
  // @ts-expect-error 2353
  prepare({ text: "a", word: "b" });
  // @ts-expect-error 2339
  return { size: size + 1, large: small.large };
});

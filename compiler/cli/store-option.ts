/** The object store of `--store` and `HMC_STORE`. */
import { isAbsolute, resolve } from "node:path";
import type { Host } from "../host.ts";
import type { Value } from "../../runtime/local/evaluate.ts";
import { openObjectStores } from "../../runtime/local/object-stores.ts";

export interface StoreChoice {
  /** What `--store` says; empty for none. */
  flag?: string | undefined;
  /** What the run that goes on was started with. */
  earlier?: string | undefined;
  /** No store is shared, whatever is set. */
  isAlone?: boolean;
}

/** Opens the object stores of a run: the flag wins over what the run had before, and that over the environment. */
export function chosenStores(host: Host, root: string, parameters: Record<string, Value>, { flag, earlier, isAlone }: StoreChoice): ReturnType<typeof openObjectStores> {
  const fromEnvironment = flag === undefined && earlier === undefined;
  const given = isAlone === true ? undefined : (flag ?? earlier ?? host.env("HMC_STORE"));
  // As with files, a relative folder begins where the command is run; one of the environment is the same wherever that is.
  const store = given === undefined || given === "" ? undefined : given.includes("://") || isAbsolute(given) ? given : resolve(fromEnvironment ? root : host.cwd(), given);
  return openObjectStores({ ...(store === undefined ? {} : { store }), option: fromEnvironment ? "HMC_STORE" : `--store ${withoutUser(given ?? "")}`, root, environment: process.env, parameters });
}

/** What somebody may have written in front of a host. */
function withoutUser(uri: string): string {
  return uri.replace(/\/\/[^/]*@/, "//…@");
}

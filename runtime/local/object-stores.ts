/** The object stores of a local run: the one that it shares with other machines, and those of its inputs. They are looked at before anything starts. */
import { diagnostic, type Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { isArtifact } from "./fingerprint.ts";
import type { Value } from "./evaluate.ts";
import { ObjectStoreError, type ObjectStore } from "../remote/object-store.ts";
import { BadObjectUri, isRemote, parseObjectUri } from "../remote/object-uri.ts";
import { openStore } from "../remote/open-store.ts";
import { PeerMissing } from "../remote/peer.ts";

export interface ObjectStores {
  /** Where artifacts and results are shared. */
  shared?: ObjectStore;
  /** Opens the store of a bucket, once. */
  open: (uri: string) => Promise<ObjectStore>;
}

export interface ObjectStoreRequest {
  /** The URI or folder of the shared store. */
  store?: string;
  /** Where it was given, for messages: `--store` or `HMC_STORE`. */
  option: string;
  /** The project root, absolute. */
  root: string;
  environment: Record<string, string | undefined>;
  parameters: Record<string, Value>;
}

/** Opens what a run needs, or says why it cannot. */
export async function openObjectStores({ store, option, root, environment, parameters }: ObjectStoreRequest): Promise<{ stores: ObjectStores } | { diagnostics: Diagnostic[] }> {
  const opened = new Map<string, Promise<ObjectStore>>();
  const open = (uri: string): Promise<ObjectStore> => {
    let found = opened.get(uri);
    if (found === undefined) opened.set(uri, (found = openStore(uri, { root, environment })));
    return found;
  };
  const diagnostics: Diagnostic[] = [];
  const attempt = async (act: () => Promise<unknown>): Promise<void> => {
    await act().catch((error: unknown) => {
      const found = problemOf(error, option);
      if (found === undefined) throw error;
      if (!diagnostics.some(({ message }) => message === found.message)) diagnostics.push(found);
    });
  };
  let shared: ObjectStore | undefined;
  if (store !== undefined) {
    await attempt(async () => {
      shared = await open(store);
      await shared.check();
    });
  }
  for (const { uri } of Object.values(parameters).flat().filter(isArtifact)) {
    if (isRemote(uri)) await attempt(() => open(bucketOf(uri, root)));
  }
  return diagnostics.length > 0 ? { diagnostics } : { stores: { ...(shared === undefined ? {} : { shared }), open } };
}

function bucketOf(uri: string, root: string): string {
  const parsed = parseObjectUri(uri, root);
  return parsed.scheme === "file" ? uri : `${parsed.scheme}://${parsed.bucket}`;
}

function problemOf(error: unknown, option: string): Diagnostic | undefined {
  if (error instanceof BadObjectUri) return diagnostic("HMC6080", undefined, { option, problem: error.message });
  if (error instanceof PeerMissing) return diagnostic("HMC6081", undefined, { uri: error.uri, install: error.install });
  if (error instanceof ObjectStoreError) return diagnostic("HMC6082", undefined, { option, problem: error.message });
  return undefined;
}

/** What a KFP target should hold after a delivery. */
import { digestOf, shortHash } from "../../../runtime/remote/digest.ts";
import type { Json } from "../../ir/types.ts";
import { contentDigest } from "../content.ts";

/** A compiled pipeline, and what its target says of it. */
export interface Delivery {
  /** The name of the target: it tells what two targets on one server have. */
  target: string;
  /** The id of the pipeline. */
  pipeline: string;
  description?: string;
  /** The compiled file. */
  yaml: string;
  /** Where the sources come from; nothing outside of a repository. */
  commit?: { name: string; isClean: boolean };
  experiment: string;
  serviceAccount?: string;
  pipelineRoot?: string;
  parameters: Record<string, Json>;
  /** Nothing where the pipeline does not run by itself on this target. */
  schedule?: Schedule;
}

export interface Schedule {
  /** Six fields, seconds first: as KFP reads it. */
  cron: string;
  maxConcurrency: number;
  catchUp: boolean;
}

export interface Wanted extends Delivery {
  /** SHA-256 of the content, in hexadecimal. */
  digest: string;
  /** `<commit>-<hash>`: what a new version is called. A version with the same hash is the same, whatever commit made it. */
  versionName: string;
  versionDescription: string;
  /** The recurring run, where there is a schedule. Its name has a hash of all that it says. */
  recurringRun?: { name: string; description: string } & Schedule;
}

const shortCommit = 7;

export function wantedOf(delivery: Delivery): Wanted {
  const { target, pipeline, yaml, commit, schedule } = delivery;
  const digest = contentDigest(yaml);
  const revision = commit === undefined ? undefined : `${commit.name.slice(0, shortCommit)}${commit.isClean ? "" : "-changed"}`;
  const versionName = [...(revision === undefined ? [] : [revision]), digest.slice(0, shortHash)].join("-");
  const from = commit === undefined ? "" : `, commit ${commit.name}${commit.isClean ? "" : " with changes"}`;
  const wanted: Wanted = { ...delivery, digest, versionName, versionDescription: `${versionMark}${digest}${from}` };
  if (schedule === undefined) return wanted;
  const { experiment, serviceAccount, pipelineRoot, parameters } = delivery;
  const key = digestOf({ digest, schedule, experiment, serviceAccount, pipelineRoot, parameters }).slice(0, shortHash);
  return { ...wanted, recurringRun: { ...schedule, name: `${pipeline} ${key}`, description: `${ownerMark(target)}: version ${digest.slice(0, shortHash)}, schedule ${schedule.cron}` } };
}

/** How the descriptions of versions begin that hmc has made. */
const versionMark = "Uploaded by hmc: sha256 ";

/** The content hash of a version that hmc has made; undefined for others. */
export function digestOfVersion({ description }: { description?: string }): string | undefined {
  return description?.startsWith(versionMark) === true ? /^[0-9a-f]{64}/.exec(description.slice(versionMark.length))?.[0] : undefined;
}

/** How the descriptions of recurring runs begin that hmc has made for a target: no other ones are touched. */
export function ownerMark(target: string): string {
  return `Deployed by hmc to "${target}"`;
}

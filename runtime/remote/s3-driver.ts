/** S3 and what speaks its protocol, through the AWS SDK: credentials and endpoints come from where every AWS tool has them. */
import type { GetObjectCommandOutput, S3Client, S3ClientConfig } from "@aws-sdk/client-s3";
import type { Readable } from "node:stream";
import { connectionError, partSize, problemOfStatus, safeDetail, type ObjectDriver, type PutBody } from "./object-driver.ts";
import type { ObjectHead, StoreProblem } from "./object-store.ts";

/** The packages of the SDK, as they were loaded. */
export interface S3Library {
  client: Pick<typeof import("@aws-sdk/client-s3"), "S3Client" | "PutObjectCommand" | "GetObjectCommand" | "HeadObjectCommand" | "ListObjectsV2Command" | "DeleteObjectCommand">;
  upload: Pick<typeof import("@aws-sdk/lib-storage"), "Upload">;
}

export interface S3Settings {
  bucket: string;
  environment: Record<string, string | undefined>;
  /** How long a connection may stand still. Milliseconds. */
  patience: number;
  /** How often a call is tried. */
  attempts: number;
}

/** S3 takes at most this many parts. */
const mostParts = 10_000;

export async function s3Driver(library: S3Library, settings: S3Settings): Promise<ObjectDriver> {
  return new S3Driver(library, await clientOf(library, settings), settings.bucket);
}

async function clientOf({ client: { S3Client } }: S3Library, { environment, patience, attempts }: S3Settings): Promise<S3Client> {
  const endpoint = environment["AWS_ENDPOINT_URL_S3"] ?? environment["AWS_ENDPOINT_URL"];
  const region = environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"];
  const config: S3ClientConfig = {
    maxAttempts: attempts,
    followRegionRedirects: true,
    requestHandler: { connectionTimeout: Math.min(patience, 10_000), socketTimeout: patience },
    ...(region === undefined || region === "" ? {} : { region }),
    // Servers other than Amazon's have one name for all buckets, and not all of them know the newer checksums.
    ...(endpoint === undefined || endpoint === "" ? {} : { endpoint, forcePathStyle: !isAmazon(endpoint), ...(isAmazon(endpoint) ? {} : plainChecksums(environment)) }),
  };
  const client = new S3Client(config);
  // The region of a profile counts, too; where there is none at all, the first one that there was finds the others.
  const known = await client.config.region().then(() => true, () => false);
  return known ? client : new S3Client({ ...config, region: "us-east-1" });
}

function isAmazon(endpoint: string): boolean {
  return URL.canParse(endpoint) && /(^|\.)amazonaws\.com(\.cn)?$/.test(new URL(endpoint).hostname);
}

function plainChecksums(environment: Record<string, string | undefined>): Pick<S3ClientConfig, "requestChecksumCalculation" | "responseChecksumValidation"> {
  return {
    ...(environment["AWS_REQUEST_CHECKSUM_CALCULATION"] === undefined ? { requestChecksumCalculation: "WHEN_REQUIRED" as const } : {}),
    ...(environment["AWS_RESPONSE_CHECKSUM_VALIDATION"] === undefined ? { responseChecksumValidation: "WHEN_REQUIRED" as const } : {}),
  };
}

class S3Driver implements ObjectDriver {
  readonly bucketUri: string;
  readonly #library: S3Library;
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(library: S3Library, client: S3Client, bucket: string) {
    this.#library = library;
    this.#client = client;
    this.#bucket = bucket;
    this.bucketUri = `s3://${bucket}`;
  }

  uriOf(key: string): string {
    return `${this.bucketUri}/${key}`;
  }

  async put(key: string, body: PutBody, signal: AbortSignal): Promise<void> {
    const { PutObjectCommand } = this.#library.client;
    const params = { Bucket: this.#bucket, Key: key, ...(body.sha256 === undefined ? {} : { Metadata: { sha256: body.sha256 } }) };
    if ("bytes" in body) {
      await this.#client.send(new PutObjectCommand({ ...params, Body: body.bytes, ContentLength: body.bytes.length }), { abortSignal: signal });
      return;
    }
    const { Upload } = this.#library.upload;
    // Two parts in memory at once; parts that were sent are removed if the whole cannot be.
    const upload = new Upload({ client: this.#client, params: { ...params, Body: body.stream }, partSize: Math.max(partSize, Math.ceil((body.size ?? 0) / mostParts)), queueSize: 2, leavePartsOnError: false });
    const stop = (): void => void upload.abort().catch(() => undefined);
    signal.addEventListener("abort", stop, { once: true });
    await upload.done().finally(() => signal.removeEventListener("abort", stop));
  }

  async open(key: string, signal: AbortSignal): ReturnType<ObjectDriver["open"]> {
    const { GetObjectCommand } = this.#library.client;
    const found: GetObjectCommandOutput = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }), { abortSignal: signal });
    return { body: found.Body as Readable, ...(found.ContentLength === undefined ? {} : { bytes: found.ContentLength }) };
  }

  async head(key: string): Promise<ObjectHead | undefined> {
    const { HeadObjectCommand } = this.#library.client;
    try {
      const { ContentLength = 0, ETag = "", VersionId, Metadata } = await this.#client.send(new HeadObjectCommand({ Bucket: this.#bucket, Key: key }));
      return { key, bytes: ContentLength, version: VersionId === undefined ? ETag : `${ETag} ${VersionId}`, ...(Metadata?.["sha256"] === undefined ? {} : { sha256: Metadata["sha256"] }) };
    } catch (error) {
      if (this.explain(error).problem === "notFound") return undefined;
      throw error;
    }
  }

  async page(prefix: string, from: string | undefined): ReturnType<ObjectDriver["page"]> {
    const { ListObjectsV2Command } = this.#library.client;
    const { Contents = [], IsTruncated, NextContinuationToken } = await this.#client.send(new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: prefix, ...(from === undefined ? {} : { ContinuationToken: from }) }));
    const objects = Contents.flatMap(({ Key, Size = 0, ETag = "" }) => (Key === undefined ? [] : [{ key: Key, bytes: Size, version: ETag }]));
    return { objects, ...(IsTruncated === true && NextContinuationToken !== undefined ? { next: NextContinuationToken } : {}) };
  }

  async delete(key: string): Promise<void> {
    const { DeleteObjectCommand } = this.#library.client;
    await this.#client.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key: key }));
  }

  explain(error: unknown): { problem: StoreProblem; detail?: string } {
    const { name, $metadata } = (error ?? {}) as { name?: string; $metadata?: { httpStatusCode?: number } };
    const status = $metadata?.httpStatusCode;
    const connection = connectionError(error);
    if (connection !== undefined || name === "TimeoutError") return { problem: "unreachable", ...safeDetail(connection ?? "timeout") };
    const problem = byName[name ?? ""] ?? problemOfStatus(status) ?? "refused";
    return { problem, ...safeDetail(status, name) };
  }
}

/** Errors whose status says less than their name. */
const byName: Readonly<Record<string, StoreProblem>> = {
  NoSuchBucket: "noBucket",
  NoSuchKey: "notFound",
  NotFound: "notFound",
  CredentialsProviderError: "noCredentials",
  AccessDenied: "noAccess",
  ExpiredToken: "noAccess",
  InvalidToken: "noAccess",
  InvalidAccessKeyId: "noAccess",
  SignatureDoesNotMatch: "noAccess",
  SlowDown: "busy",
  ServiceUnavailable: "busy",
  InternalError: "busy",
};

/** What a call is refused with, in the shapes that KFP's API server gives. */

/**
 * gRPC codes with the HTTP status that the gateway makes of each.
 * Source: `HTTPStatusFromCode` of grpc-gateway v2, which go.mod of Kubeflow Pipelines names.
 */
const codes = {
  InvalidArgument: { code: 3, status: 400 },
  NotFound: { code: 5, status: 404 },
  AlreadyExists: { code: 6, status: 409 },
  Unimplemented: { code: 12, status: 501 },
  Internal: { code: 13, status: 500 },
  Unauthenticated: { code: 16, status: 401 },
} as const;

type Code = keyof typeof codes;

/** An answer to a call that was refused. */
export class Refusal extends Error {
  override name = "Refusal";
  readonly code: Code;
  /** What is told without where it happened; of internal errors it says nothing. */
  readonly external: string;

  /** @param message with all that was attempted, outermost first, as Go's wrapped errors print */
  constructor(code: Code, message: string, external = message) {
    super(message);
    this.code = code;
    this.external = external;
  }

  get status(): number {
    return codes[this.code].status;
  }

  /** `google.rpc.Status` as JSON. Source: `GRPCStatus` in backend/src/common/util/error.go. */
  get body(): object {
    const { code } = codes[this.code];
    return { code, message: this.message, details: [{ "@type": "type.googleapis.com/google.rpc.Status", code, message: this.external }] };
  }
}

/** A refusal of an upload, which no gRPC service answers: it has a shape of its own. Source: `writeErrorToResponse` in pipeline_upload_server.go. */
export class UploadRefusal extends Error {
  override name = "UploadRefusal";
  readonly status: number;
  /** Some of them are no JSON. */
  readonly isPlain: boolean;

  constructor(status: number, message: string, isPlain = false) {
    super(message);
    this.status = status;
    this.isPlain = isPlain;
  }

  get body(): object | string {
    return this.isPlain ? `${this.message}\n` : { error_message: this.message, error_details: this.message };
  }
}

/** What the request should not have. Source: `NewInvalidInputError` in error.go, as those below. */
export function invalid(message: string): Refusal {
  return new Refusal("InvalidArgument", `Invalid input error: ${message}`, message);
}

export function notFound(kind: string, name: string): Refusal {
  return new Refusal("NotFound", `ResourceNotFoundError: ${kind} ${name} not found`, `${kind} ${name} not found.`);
}

export function alreadyExists(message: string): Refusal {
  return new Refusal("AlreadyExists", `Already exist error: ${message}`, message);
}

/** An error of any kind becomes an internal one. KFP does so even where the request is at fault. */
function internal(message: string, cause: Error): Refusal {
  return new Refusal("Internal", `InternalServerError: ${message}: ${cause.message}`, "Internal Server Error");
}

/** Does something, and tells of a refusal what was attempted; the code stays. */
export function attempting<T>(what: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(error.code, `${what}: ${error.message}`, error.external) : error;
  }
}

/** Does something whose refusals are internal errors. */
export function internally<T>(what: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof Refusal ? internal(what, error) : error;
  }
}

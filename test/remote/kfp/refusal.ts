/** An answer with an error, as KFP's gateway writes it. */
export class Refusal extends Error {
  override name = "Refusal";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }

  /** The body: the code is that of gRPC. */
  get body(): object {
    const code = { 400: 3, 401: 16, 403: 7, 404: 5, 409: 6, 429: 8, 500: 13, 503: 14 }[this.status] ?? 2;
    return { error: this.message, code, message: this.message, details: [{ "@type": "type.googleapis.com/google.rpc.Status", code, message: this.message }] };
  }
}

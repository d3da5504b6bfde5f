/** Keeping credentials out of what people and logs see. */
import type { Failure } from "./failure.ts";

/** The same failure, with dots in place of secrets that a server or a library has repeated. */
export function withoutSecrets(failure: Failure, secrets: readonly string[]): Failure {
  if (!("problem" in failure)) return failure;
  return { ...failure, problem: hidden(failure.problem, secrets) };
}

/** A text with dots in place of secrets, also of their encoded forms. */
export function hidden(text: string, secrets: readonly string[]): string {
  const forms = secrets.filter((secret) => secret.length >= 4).flatMap((secret) => [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")]);
  return forms.sort((one, other) => other.length - one.length).reduce((shown, form) => shown.replaceAll(form, "•••"), text);
}

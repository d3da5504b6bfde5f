/** What looks like a credential: by its name, or by a value in the format of a known issuer. */

/** Words that make the name of a variable that of a credential. */
const secretWords = new Set(["token", "password", "passwd", "pwd", "passphrase", "secret", "secrets", "credential", "credentials", "apikey", "pat"]);

/** What a key must be called to be one that is kept secret: `API_KEY`, but not `PRIMARY_KEY`. */
const secretKeys = new Set(["api", "access", "private", "secret", "encryption", "signing", "auth", "service", "account", "ssh", "deploy", "license", "master", "storage"]);

/** Last words that say that the variable only points to a credential, or counts something. */
const harmlessEndings = new Set([
  "file", "path", "dir", "url", "uri", "endpoint", "name", "id", "count", "limit", "length", "size", "ttl", "expiry", "type", "header", "issuer", "enabled", "column", "field", "prefix",
]);

/**
 * Whether a variable of this name is likely to hold a credential: `GITLAB_TOKEN`, `dbPassword`, `OPENAI_KEY`; not
 * `MAX_TOKENS`, `TOKEN_FILE` or `PRIMARY_KEY`.
 */
export function looksLikeCredentialName(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
  const last = words[words.length - 1];
  if (last === undefined || harmlessEndings.has(last)) return false;
  if (words.some((word) => secretWords.has(word))) return true;
  if (last !== "key") return false;
  const before = words[words.length - 2];
  return before !== undefined && (secretKeys.has(before) || vendors.has(before));
}

const vendors = new Set(["openai", "anthropic", "aws", "azure", "gcp", "google", "stripe", "sendgrid", "wandb", "huggingface", "hf", "datadog", "mlflow", "github", "gitlab", "slack", "s3"]);

const formats: readonly { issuer: string; pattern: RegExp }[] = [
  { issuer: "a GitHub token", pattern: /\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_[A-Za-z0-9_]{50,}\b/ },
  { issuer: "a GitLab token", pattern: /\bgl(?:pat|dt|rt|cbt|ptt)-[\w-]{20,}/ },
  { issuer: "an AWS access key", pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/ },
  { issuer: "a Google API key", pattern: /\bAIza[\w-]{35}/ },
  { issuer: "a Slack token", pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/ },
  { issuer: "a Stripe key", pattern: /\b[rs]k_live_[A-Za-z0-9]{20,}/ },
  { issuer: "an API key of a model provider", pattern: /\bsk-[A-Za-z0-9_-]{20,}/ },
  { issuer: "a Hugging Face token", pattern: /\bhf_[A-Za-z0-9]{30,}\b/ },
  { issuer: "an npm token", pattern: /\bnpm_[A-Za-z0-9]{36}\b/ },
  { issuer: "a private key", pattern: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/ },
  { issuer: "a signed token", pattern: /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/ },
  { issuer: "a URL with a password", pattern: /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:[^\s/@$]+@/i },
];

/** What kind of credential a value is, by its format; undefined for any other text. */
export function credentialFormat(value: string): string | undefined {
  return formats.find(({ pattern }) => pattern.test(value))?.issuer;
}

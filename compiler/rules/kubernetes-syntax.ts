/** The syntax of names, labels and annotations in Kubernetes (`apimachinery/pkg/util/validation`). */

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** RFC 1123 subdomain: names of service accounts, claims, secrets, config maps, storage classes. */
export function isSubdomain(name: string): boolean {
  return name.length <= 253 && subdomain.test(name);
}

/** RFC 1123 label: names of the volumes of a pod. */
export function isLabel(name: string): boolean {
  return name.length <= 63 && label.test(name);
}

const namePart = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

/** `[prefix/]name`: a prefix is a subdomain, a name has at most 63 characters. */
export function labelKeyProblem(key: string): string | undefined {
  const slash = key.indexOf("/");
  const name = key.slice(slash + 1);
  if (slash >= 0 && !isSubdomain(key.slice(0, slash))) return `the part before "/" must be a domain name in lower case, such as "acme.com"`;
  if (name.length > 63) return `it has ${name.length} characters, at most 63 are allowed`;
  if (!namePart.test(name)) return `it may hold only letters, digits, "-", "_" and ".", and must begin and end with a letter or digit`;
  return undefined;
}

/** The value of a label. */
export function labelValueProblem(value: string): string | undefined {
  if (value.length > 63) return `the value has ${value.length} characters, at most 63 are allowed; longer texts belong into "annotations"`;
  if (value !== "" && !namePart.test(value)) return `the value "${value}" may hold only letters, digits, "-", "_" and ".", and must begin and end with a letter or digit`;
  return undefined;
}

/** References to container images, as `github.com/distribution/reference` reads them. */

export interface ImageReference {
  /** With the registry, where one is named. */
  repository: string;
  tag?: string;
  digest?: string;
}

const component = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const registry = /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9a-fA-F:]+\])(?::\d+)?$/;
const tagGrammar = /^\w[\w.-]{0,127}$/;
const digestGrammar = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;

/** Reads a reference; where it is none, the problem as the middle of a sentence. */
export function parseImage(text: string): ImageReference | { problem: string } {
  if (text === "") return { problem: "it is empty" };
  if (/\s/.test(text)) return { problem: "it contains white space" };
  if (/^[a-z]+:\/\//i.test(text)) return { problem: `it begins with "${text.slice(0, text.indexOf("//") + 2)}"` };
  const [named = "", digest, ...moreDigests] = text.split("@");
  if (digest !== undefined && (moreDigests.length > 0 || !digestGrammar.test(digest))) return { problem: `"${[digest, ...moreDigests].join("@")}" is no digest` };
  const colon = named.lastIndexOf(":");
  const tagged = colon > named.lastIndexOf("/");
  const repository = tagged ? named.slice(0, colon) : named;
  const tag = tagged ? named.slice(colon + 1) : undefined;
  if (tag !== undefined && !tagGrammar.test(tag)) return { problem: tag === "" ? "the tag is empty" : `"${tag}" is no tag` };
  const parts = repository.split("/");
  const [first = ""] = parts;
  const hasRegistry = parts.length > 1 && (first === "localhost" || /[.:]/.test(first) || first !== first.toLowerCase());
  if (hasRegistry && !registry.test(first)) return { problem: `"${first}" is no registry` };
  for (const part of hasRegistry ? parts.slice(1) : parts) {
    if (component.test(part)) continue;
    if (part === "") return { problem: "a part between slashes is empty" };
    return { problem: part !== part.toLowerCase() ? `"${part}" has upper-case letters` : `"${part}" cannot be part of a repository` };
  }
  return { repository, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

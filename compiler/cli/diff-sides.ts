/** What the arguments of `hmc diff` mean: files, folders, revisions of git, and targets. */
import { basename, dirname, join, posix, relative, resolve } from "node:path";
import { nearestName } from "../diagnostics/nearest.ts";
import type { Host } from "../host.ts";
import { commitOf, filesIn, kindIn, repositoryOf, type Repository } from "./git.ts";
import { defaultFile } from "./project.ts";
import { userError } from "./user-error.ts";

/** Where a side comes from. */
export type SideSource =
  | { kind: "path"; label: string; path: string }
  /** `path` is relative to the root of the repository; empty for all of it. */
  | { kind: "revision"; label: string; repository: Repository; commit: string; path: string }
  /** What runs on a target, or is newest there. */
  | { kind: "deployed"; label: string; target: string }
  /** A revision that did not have the path of the other side: all that is there now is new. */
  | { kind: "nothing"; label: string };

/**
 * The two sides. `hmc diff` alone and with one path compares with the last commit, with one revision it compares that with the work tree; a revision without a
 * path has that of the other side.
 */
export function sidesOf(host: Host, first: string | undefined, second: string | undefined): { before: SideSource; after: SideSource } {
  const one = first === undefined ? undefined : meaningOf(host, first);
  if (second !== undefined && one !== undefined) {
    const other = meaningOf(host, second);
    const [path, otherPath] = [pathOf(one), pathOf(other)];
    return notBothNothing(one, { before: sourceOf(host, one, path ?? otherPath), after: sourceOf(host, other, otherPath ?? path) });
  }
  if (one?.kind === "deployed") {
    const path = resolve(host.cwd(), defaultFile);
    return { before: sourceOf(host, one, undefined), after: { kind: "path", label: shown(host, path), path: existing(host, path, shown(host, path)) } };
  }
  if (one === undefined || one.kind === "path") {
    const path = one?.path ?? resolve(host.cwd(), defaultFile);
    const repository = repositoryOf(host.cwd()) ?? userError("HMC6201", { revision: "HEAD" });
    return { before: sourceOf(host, revision(repository, "HEAD", undefined), path), after: { kind: "path", label: shown(host, path), path: existing(host, path, shown(host, path)) } };
  }
  const path = pathOf(one) ?? resolve(host.cwd(), defaultFile);
  return { before: sourceOf(host, one, path), after: { kind: "path", label: shown(host, path), path: existing(host, path, shown(host, path)) } };
}

/** An argument as it stands: a revision may lack its path. */
type Meaning = { kind: "path"; given: string; path: string } | { kind: "deployed"; given: string; target: string } | { kind: "revision"; given: string; repository: Repository; commit: string; path: string | undefined };

function meaningOf(host: Host, given: string): Meaning {
  const path = resolve(host.cwd(), given);
  if (host.fileExists(path) || host.directoryExists(path)) return { kind: "path", given, path };
  if (given.startsWith("@")) return { kind: "deployed", given, target: given.slice(1) };
  const colon = given.indexOf(":");
  const [name, inside] = colon < 0 ? [given, undefined] : [given.slice(0, colon), given.slice(colon + 1)];
  const repository = repositoryOf(host.cwd());
  if (repository === undefined) return colon < 0 ? unknown(host, given) : userError("HMC6201", { revision: given });
  if (commitOf(repository, name) === undefined) return unknown(host, given);
  return revision(repository, name, inside);
}

function revision(repository: Repository, name: string, inside: string | undefined): Meaning {
  const commit = commitOf(repository, name) ?? userError("HMC6200", { side: name, suggestion: undefined });
  // As git has it: from the root of the repository, unless it begins with a dot.
  const path = inside === undefined ? undefined : posix.normalize(/^\.\.?(?:\/|$)/.test(inside) ? `${repository.prefix}${inside}` : inside).replace(/^\.?\/|\/$|^\.$/g, "");
  return { kind: "revision", given: name, repository, commit, path };
}

function unknown(host: Host, given: string): never {
  const path = resolve(host.cwd(), given);
  const near = nearestName(basename(path), host.readDirectory(dirname(path)).map((file) => basename(file)).filter((name) => /\.(?:[cm]?tsx?|ya?ml)$/.test(name)));
  return userError("HMC6200", { side: given, suggestion: near === undefined ? undefined : join(dirname(given), near) });
}

/** The absolute path that a side names, in the work tree. */
function pathOf(meaning: Meaning): string | undefined {
  if (meaning.kind === "path") return meaning.path;
  if (meaning.kind === "deployed") return undefined;
  return meaning.path === undefined ? undefined : join(meaning.repository.root, meaning.path);
}

/** @param path absolute, in the work tree: for a revision that has none */
function sourceOf(host: Host, meaning: Meaning, path: string | undefined): SideSource {
  if (meaning.kind === "path") return { kind: "path", label: shown(host, meaning.path), path: meaning.path };
  if (meaning.kind === "deployed") return { kind: "deployed", label: meaning.given, target: meaning.target };
  const { repository, commit, given } = meaning;
  const inside = meaning.path ?? withinRepository(host, repository, path ?? resolve(host.cwd(), defaultFile));
  if (kindIn(repository, commit, inside) === undefined) {
    if (meaning.path === undefined) return { kind: "nothing", label: `${given}:${inside}, which is not there` };
    const suggestion = nearestName(inside, filesIn(repository, commit).filter((file) => /\.(?:[cm]?tsx?|ya?ml)$/.test(file)));
    return userError("HMC6203", { revision: given, path: inside, suggestion: suggestion === undefined ? undefined : `${given}:${suggestion}` });
  }
  return { kind: "revision", label: `${given}:${inside}`, repository, commit, path: inside };
}

function notBothNothing(first: Meaning, sides: { before: SideSource; after: SideSource }): typeof sides {
  const { before, after } = sides;
  return before.kind === "nothing" && after.kind === "nothing" ? userError("HMC6203", { revision: first.given, path: before.label.slice(first.given.length + 1).replace(/, which is not there$/, ""), suggestion: undefined }) : sides;
}

function withinRepository(host: Host, { root }: Repository, path: string): string {
  const inside = relative(root, host.realpath(path)).replaceAll("\\", "/");
  return inside.startsWith("../") ? relative(root, path).replaceAll("\\", "/") : inside;
}

function existing(host: Host, path: string, given: string): string {
  return host.fileExists(path) || host.directoryExists(path) ? path : userError("HMC0001", { file: given, suggestion: undefined });
}

function shown(host: Host, path: string): string {
  const short = relative(host.cwd(), path).replaceAll("\\", "/");
  return short === "" ? "." : short.startsWith("../../") ? path : short;
}

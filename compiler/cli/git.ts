/** Reading revisions with git. Neither the work tree nor the index of the user is touched, and no hook runs. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { userError } from "./user-error.ts";

/** Files of more bytes are data, not sources: they are left out. */
const largestFile = 5_000_000;

export interface Repository {
  /** The root of the work tree, absolute. */
  root: string;
  /** The working directory relative to it, with `/` at the end; empty at the root. */
  prefix: string;
}

/** The repository that a folder lies in; undefined where it lies in none. */
export function repositoryOf(folder: string): Repository | undefined {
  const [root, prefix = ""] = (succeeded(folder, ["rev-parse", "--show-toplevel", "--show-prefix"]) ?? "").split("\n");
  return root === undefined || root === "" ? undefined : { root, prefix };
}

/** The full name of the commit that a revision means; undefined where it means none. */
export function commitOf({ root }: Repository, revision: string): string | undefined {
  return succeeded(root, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`])?.trim();
}

/** Whether all files that git knows are as in the last commit. */
export function isClean({ root }: Repository): boolean {
  return succeeded(root, ["status", "--porcelain", "--untracked-files=no"])?.trim() === "";
}

/** What a path is in a commit; the empty path is the root. */
export function kindIn({ root }: Repository, commit: string, path: string): "file" | "folder" | undefined {
  if (path === "") return "folder";
  const [, kind] = /^\d+ (\w+) /.exec(required(root, ["ls-tree", "-z", "--full-tree", commit, "--", path])) ?? [];
  return kind === "blob" ? "file" : kind === "tree" ? "folder" : undefined;
}

/** The files of a commit, in a folder or in all of it. */
export function filesIn({ root }: Repository, commit: string, folder = ""): string[] {
  return listing(root, commit).map(({ path }) => path).filter((path) => folder === "" || path.startsWith(`${folder}/`));
}

/**
 * Writes the sources of a commit to a folder: all files but large ones. Packages come from the work tree, because they are in no commit.
 *
 * @param folder absolute and empty
 */
export function writeCommit({ root }: Repository, commit: string, folder: string): void {
  const files = listing(root, commit).filter(({ size }) => size <= largestFile).map(({ path }) => path);
  // An index of its own: `checkout-index` writes what an index names, wherever it is told to.
  const own = { GIT_INDEX_FILE: `${folder}.index`, GIT_LFS_SKIP_SMUDGE: "1" };
  required(root, ["read-tree", commit], { env: own });
  required(root, ["checkout-index", "--stdin", "-z", "--quiet", "--force", `--prefix=${folder}/`], { env: own, input: files.map((file) => `${file}\0`).join("") });
  for (const place of packageFolders(files)) {
    const [from, to] = [join(root, place, "node_modules"), join(folder, place, "node_modules")];
    if (!existsSync(from) || existsSync(to)) continue;
    mkdirSync(dirname(to), { recursive: true });
    symlinkSync(from, to, "junction");
  }
}

/** The folders that may have packages: that of each `package.json`, and the root. */
function packageFolders(files: readonly string[]): Set<string> {
  return new Set(["", ...files.flatMap((file) => (/(?:^|\/)package\.json$/.test(file) ? [file.slice(0, -"package.json".length)] : []))]);
}

/** Files, without submodules. Of one that the repository has lost, git gives no size, and cannot write it. */
function listing(root: string, commit: string): { path: string; size: number }[] {
  return required(root, ["ls-tree", "-r", "-z", "--long", commit]).split("\0").flatMap((line) => {
    const [, type, size, path] = /^\d+ (\w+) [0-9a-f]+ +(\S+)\t([\s\S]+)$/.exec(line) ?? [];
    return type === "blob" && path !== undefined ? [{ path, size: Number(size) || 0 }] : [];
  });
}

function succeeded(folder: string, args: readonly string[]): string | undefined {
  const { status, stdout } = git(folder, args);
  return status === 0 ? stdout : undefined;
}

function required(folder: string, args: readonly string[], options: { env?: Record<string, string>; input?: string } = {}): string {
  const { status, stdout, stderr } = git(folder, args, options);
  if (status === 0) return stdout;
  return userError("HMC6202", { command: `git ${args[0] ?? ""}`, problem: stderr.trim().split("\n").at(-1) ?? "" });
}

function git(folder: string, args: readonly string[], { env = {}, input = "" }: { env?: Record<string, string>; input?: string } = {}): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr, error } = spawnSync("git", ["--no-optional-locks", "--literal-pathspecs", ...args], { cwd: folder, env: { ...process.env, LC_ALL: "C", ...env }, input, encoding: "utf8", maxBuffer: 1024 * 1024 * 1024 });
  if (error !== undefined) return userError("HMC6202", { command: `git ${args[0] ?? ""}`, problem: (error as NodeJS.ErrnoException).code === "ENOENT" ? "there is no program git" : error.message });
  return { status, stdout, stderr };
}

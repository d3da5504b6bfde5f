/** What the conformance checks use: the built compiler, a Python with kfp, and the oracles beside the project. */
import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Checks } from "./checks.ts";

export const root = fileURLToPath(new URL("../../", import.meta.url));

export interface Environment {
  /** A Python that imports kfp and kfp-kubernetes; missing where there is none. */
  python: string | undefined;
  /** The folder of `ireq.py`, `irlint.py` and `kfp_local_run.py`; missing where it is not beside the project. */
  tools: string | undefined;
  /** Argo's own linter as a program; missing where it was not built. */
  argolint: string | undefined;
  /** The program that holds etcd, kube-apiserver and kubectl; missing where it was not built. */
  kubeapi: string | undefined;
  /** A Python that imports moto, a server of S3; missing where none was given. */
  moto: string | undefined;
  /** fake-gcs-server, one of Google Cloud Storage; missing where it was not built. */
  gcs: string | undefined;
  /** A folder in whose `node_modules` vitest is; missing where none was given. */
  vitest: string | undefined;
  /** A folder in whose `node_modules` playwright-core is, and the program of Chromium; missing where none was given. */
  playwright: string | undefined;
  chromium: string | undefined;
  /** A folder in whose `node_modules` code-server and a Node for it are. */
  codeServer: string | undefined;
  /** The folder of `lowering/`, `lint/` and `crds/`; missing where it is not beside the project. */
  argoCases: string | undefined;
  /** A folder for what the checks write. */
  work: string;
}

export interface Finished {
  status: number;
  stdout: string;
  stderr: string;
}

export function environment(): Environment {
  const candidates = [process.env["HMC_PYTHON"], "python3"].filter((python) => python !== undefined);
  const present = (path: string | undefined): string | undefined => (path !== undefined && existsSync(path) ? path : undefined);
  const work = process.env["HMC_CONFORMANCE_WORK"] ?? mkdtempSync(join(tmpdir(), "hmc-conformance-"));
  mkdirSync(work, { recursive: true });
  return {
    python: candidates.find((python) => spawnSync(python, ["-W", "ignore", "-c", "import kfp, kfp.kubernetes"]).status === 0),
    tools: present(join(root, "../shared/tools")),
    argolint: present(process.env["HMC_ARGOLINT"]),
    kubeapi: present(process.env["HMC_KUBEAPI"]),
    moto: present(process.env["HMC_MOTO"]),
    gcs: present(process.env["HMC_GCS_SERVER"]),
    vitest: present(process.env["HMC_VITEST"]),
    playwright: present(process.env["HMC_PLAYWRIGHT"]),
    chromium: present(process.env["HMC_CHROMIUM"]),
    codeServer: present(process.env["HMC_CODE_SERVER"]),
    argoCases: present(join(root, "../shared/conformance/argo")),
    work,
  };
}

/** Why a check that needs kfp is skipped. */
export const noPython = "there is no Python with kfp and kfp-kubernetes (set HMC_PYTHON)";
/** Why a check that needs an oracle is skipped. */
export const noTools = "../shared/tools is not beside the project";
/** Why a check that needs Argo's linter is skipped. */
export const noArgolint = "there is no argolint (build it from ../shared/tools/argolint and set HMC_ARGOLINT)";
/** Why a check that needs a kube-apiserver is skipped. */
export const noKubeapi = "there is no kubeapi (build it from ../shared/tools/kubeapi and set HMC_KUBEAPI)";
/** Why a check that needs the files of known verdict, or Argo's CRDs, is skipped. */
export const noArgoCases = "../shared/conformance/argo is not beside the project";

/** Runs a program to its end, however it ends. */
export function run(command: string, args: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}): Promise<Finished> {
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1", ...options.env };
  return new Promise((resolve) => {
    execFile(command, args, { cwd: options.cwd ?? root, env, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
      resolve({ status, stdout, stderr });
    });
  });
}

/** What a script printed: a JSON object a line. A script that ended badly is a failure. */
export function jsonLines<T>(checks: Checks, { status, stdout, stderr }: Finished): T[] {
  if (status !== 0) checks.fail("python", stderr);
  return stdout.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as T);
}

/** The built command line. */
export function hmc(args: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}): Promise<Finished> {
  return run(process.execPath, [join(root, "dist/hmc.mjs"), ...args], options);
}

/** The folders of `fixtures/` that hold a pipeline with one of these views; without any, those that compile to KFP. */
export function fixtures(...views: string[]): string[] {
  return readdirSync(join(root, "fixtures"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("invalid-"))
    .map((entry) => entry.name)
    .filter((name) => (views.length === 0 ? ["kfp.yaml"] : views).some((view) => existsSync(join(root, "fixtures", name, view))))
    .sort();
}

/** Does something for every item, as many at once as there are processors. Results are in order. */
export async function forEach<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      results[index] = await act(items[index] as T);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}

export type Shape = "real" | "sdk";

export interface Compiled {
  fixture: string;
  /** The compiled file; missing where compiling failed. */
  file: string | undefined;
  /** What the compiler said. */
  messages: string;
}

/** Compiles fixtures with the command line, each into a file of its own. */
export function compileFixtures(work: string, names: readonly string[], shape: Shape, more: readonly string[] = []): Promise<Compiled[]> {
  const folder = join(work, shape);
  mkdirSync(folder, { recursive: true });
  return forEach(names, async (fixture) => {
    const file = join(folder, `${basename(fixture)}.yaml`);
    const { status, stdout, stderr } = await hmc(["compile", `fixtures/${fixture}/pipeline.ts`, ...(shape === "sdk" ? ["--kfp-shape", "sdk"] : []), "-o", file, ...more]);
    return { fixture, file: status === 0 ? file : undefined, messages: stdout + stderr };
  });
}

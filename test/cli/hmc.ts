/** Runs the built command line in folders of its own. */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { root } from "../folders.ts";

const setup = spawnSync(process.execPath, [`${root}/compiler/build/setup.mjs`], { encoding: "utf8" });
if (setup.status !== 0) throw new Error(`The build failed:\n${setup.stderr}`);

export const launcher = `${root}/dist/hmc.mjs`;

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `hmc` with some arguments, without colours unless the environment asks for them. */
export function hmc(args: readonly string[], options: { cwd?: string; env?: Record<string, string>; launcher?: string } = {}): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [options.launcher ?? launcher, ...args], {
    cwd: options.cwd ?? root,
    env: { ...process.env, NO_COLOR: "", FORCE_COLOR: "", ...options.env },
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return { code: status, stdout, stderr };
}

/** As `hmc`, without holding up this process: for commands that talk to a server in it. */
export function hmcBeside(args: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}): Promise<Outcome> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [launcher, ...args], { cwd: options.cwd ?? root, env: { ...process.env, NO_COLOR: "", FORCE_COLOR: "", ...options.env } });
    const texts = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk: Buffer) => (texts.stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (texts.stderr += chunk.toString()));
    child.on("close", (code) => done({ code, ...texts }));
  });
}

const folders: string[] = [];
process.on("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A new folder with these files; it is removed when the test process ends. */
export function folderWith(files: Record<string, string | Uint8Array>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "hmc-test-")));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** A pipeline of one task. */
export const smallPipeline = `import { op, pipeline } from "hmc";

export const greet = op({ image: "example.com/greet:1.0" }, async (input: { name: string }) => ({ text: \`Hello, \${input.name}\` }));

export const hello = pipeline(({ name = "world" }: { name?: string }) => {
  const greeting = greet({ name });
  return { text: greeting.text };
});
`;

/** A real tsserver of a version of TypeScript, driven over its own protocol, in a project that has hmc's plugin in one line of its `tsconfig.json`. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { folderWith } from "../cli/hmc.ts";
import { root } from "../folders.ts";

const setup = spawnSync(process.execPath, [`${root}/compiler/build/setup.mjs`], { encoding: "utf8" });
if (setup.status !== 0) throw new Error(`The build failed:\n${setup.stderr}`);

/** The package of each version. */
export const versions = { "5.9": "typescript-5.9", "6.0": "typescript" } as const;
export type Version = keyof typeof versions;

const patience = 60_000;

export interface ServerDiagnostic {
  start: { line: number; offset: number };
  end: { line: number; offset: number };
  /** Where positions are offsets. */
  startLocation?: { line: number; offset: number };
  endLocation?: { line: number; offset: number };
  message: string;
  text?: string;
  category: string;
  code: number;
  source?: string;
  relatedInformation?: { message: string; span?: { file: string; start: { line: number; offset: number } } }[];
}

export interface CodeFix {
  fixName: string;
  description: string;
  changes: { fileName: string; textChanges: { start: { line: number; offset: number }; end: { line: number; offset: number }; newText: string }[] }[];
}

/** A folder with the package, the line in `tsconfig.json`, and some files. */
export function project(files: Record<string, string>, plugin: Record<string, unknown> | undefined = {}, compilerOptions: Record<string, unknown> = {}): string {
  const plugins = plugin === undefined ? [] : [{ name: "hmc/tsserver-plugin", ...plugin }];
  const folder = folderWith({
    "package.json": '{ "type": "module" }',
    "tsconfig.json": JSON.stringify({ compilerOptions: { strict: true, target: "ES2022", module: "NodeNext", noEmit: true, types: ["node"], skipLibCheck: true, plugins, ...compilerOptions }, include: ["**/*.ts"] }),
    ...files,
  });
  mkdirSync(join(folder, "node_modules/@types"), { recursive: true });
  symlinkSync(root, join(folder, "node_modules/hmc"));
  symlinkSync(join(root, "node_modules/@types/node"), join(folder, "node_modules/@types/node"));
  return folder;
}

const running = new Set<ChildProcess>();

/** Ends what a failed test has left. */
export function endServers(): void {
  for (const child of running) child.kill("SIGKILL");
}

export class TsServer {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, { done: (body: unknown) => void; fail: (error: Error) => void }>();
  #seq = 0;
  #received = Buffer.alloc(0);
  errors = "";

  constructor(version: Version, logFile?: string) {
    const server = join(root, "node_modules", versions[version], "lib/tsserver.js");
    const log = logFile === undefined ? [] : ["--logVerbosity", "normal", "--logFile", logFile];
    this.#process = spawn(process.execPath, [server, "--disableAutomaticTypingAcquisition", "--suppressDiagnosticEvents", "--allowLocalPluginLoads", ...log], { stdio: ["pipe", "pipe", "pipe"] });
    running.add(this.#process);
    this.#process.on("exit", () => running.delete(this.#process));
    this.#process.stdout?.on("data", (chunk: Buffer) => this.#receive(chunk));
    this.#process.stderr?.on("data", (chunk: Buffer) => (this.errors += chunk.toString()));
  }

  async request<T>(command: string, given: object): Promise<T> {
    const seq = ++this.#seq;
    const answer = new Promise<unknown>((done, fail) => {
      const timer = setTimeout(() => fail(new Error(`tsserver gave no answer to ${command}.\n${this.errors}`)), patience);
      this.#waiting.set(seq, { done: (body) => (clearTimeout(timer), done(body)), fail: (error) => (clearTimeout(timer), fail(error)) });
    });
    this.#process.stdin?.write(`${JSON.stringify({ seq, type: "request", command, arguments: given })}\n`);
    return (await answer) as T;
  }

  /** Commands that are not answered. */
  notify(command: string, given: object): void {
    this.#process.stdin?.write(`${JSON.stringify({ seq: ++this.#seq, type: "request", command, arguments: given })}\n`);
  }

  open(file: string, fileContent?: string): void {
    this.notify("open", { file, ...(fileContent === undefined ? {} : { fileContent, scriptKindName: "TS" }) });
  }

  semantic(file: string): Promise<ServerDiagnostic[]> {
    return this.request("semanticDiagnosticsSync", { file });
  }

  /** Ends it; the exit code. */
  stop(): Promise<number | null> {
    return new Promise((done) => {
      this.#process.on("exit", done);
      this.notify("exit", {});
    });
  }

  memory(): number {
    const { stdout } = spawnSync("ps", ["-o", "rss=", "-p", String(this.#process.pid)], { encoding: "utf8" });
    return Number(stdout) / 1024;
  }

  #receive(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (;;) {
      const head = /^Content-Length: (\d+)\r\n\r\n/.exec(this.#received.subarray(0, 60).toString());
      if (head === null) return;
      const end = head[0].length + Number(head[1]);
      if (this.#received.length < end) return;
      const message = JSON.parse(this.#received.subarray(head[0].length, end).toString()) as { type: string; request_seq?: number; success?: boolean; body?: unknown; message?: string };
      this.#received = this.#received.subarray(end);
      if (message.type !== "response" || message.request_seq === undefined) continue;
      const waiting = this.#waiting.get(message.request_seq);
      this.#waiting.delete(message.request_seq);
      if (message.success === true) waiting?.done(message.body);
      else waiting?.fail(new Error(message.message ?? "tsserver failed"));
    }
  }
}

/** A language client: the server of the built command line, driven over its standard input and output by the protocol's own library. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { pathToFileURL } from "node:url";
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter, type Diagnostic, type ProtocolConnection } from "vscode-languageserver-protocol/node";
import { root } from "../folders.ts";

const setup = spawnSync(process.execPath, [`${root}/compiler/build/setup.mjs`], { encoding: "utf8" });
if (setup.status !== 0) throw new Error(`The build failed:\n${setup.stderr}`);

/** How long an answer may take: far more than it does, so that only what hangs is cut off. */
const patience = 20_000;

export interface Published {
  version: number | undefined;
  diagnostics: Diagnostic[];
}

export class Client {
  readonly connection: ProtocolConnection;
  readonly #process: ChildProcess;
  /** All that was published, by address, oldest first. */
  readonly published = new Map<string, Published[]>();
  readonly log: string[] = [];
  #versions = new Map<string, number>();
  #listeners = new Set<() => void>();

  constructor() {
    this.#process = spawn(process.execPath, [`${root}/dist/hmc.mjs`, "lsp", "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
    const { stdin, stdout } = this.#process;
    if (stdin === null || stdout === null) throw new Error("The server has no streams.");
    this.connection = createProtocolConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin));
    this.connection.onNotification("textDocument/publishDiagnostics", ({ uri, version, diagnostics }: { uri: string; version?: number; diagnostics: Diagnostic[] }) => {
      this.published.set(uri, [...(this.published.get(uri) ?? []), { version, diagnostics }]);
      for (const listener of this.#listeners) listener();
    });
    this.connection.onNotification("window/logMessage", ({ message }: { message: string }) => void this.log.push(message));
    this.connection.listen();
  }

  /** @param targets the setting `hmc.targets` */
  async start(targets: string[] = ["kfp"], folders: string[] = [root]): Promise<unknown> {
    const workspaceFolders = folders.map((folder) => ({ uri: pathToFileURL(folder).href, name: folder }));
    const result = await this.connection.sendRequest("initialize", { processId: process.pid, rootUri: null, workspaceFolders, capabilities: {}, initializationOptions: { targets } });
    await this.connection.sendNotification("initialized", {});
    return result;
  }

  async configure(targets: string[]): Promise<void> {
    await this.connection.sendNotification("workspace/didChangeConfiguration", { settings: { hmc: { targets } } });
  }

  async open(path: string, text: string, languageId = "typescript"): Promise<string> {
    const uri = pathToFileURL(path).href;
    this.#versions.set(uri, 1);
    await this.connection.sendNotification("textDocument/didOpen", { textDocument: { uri, languageId, version: 1, text } });
    return uri;
  }

  /** Sends a whole new text. */
  async change(uri: string, text: string): Promise<number> {
    const version = (this.#versions.get(uri) ?? 0) + 1;
    this.#versions.set(uri, version);
    await this.connection.sendNotification("textDocument/didChange", { textDocument: { uri, version }, contentChanges: [{ text }] });
    return version;
  }

  async close(uri: string): Promise<void> {
    await this.connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
  }

  request<T>(method: string, uri: string, more: object = {}): Promise<T> {
    return this.connection.sendRequest(method, { textDocument: { uri }, ...more });
  }

  /** The last that was published of a file, once it satisfies; what it is at the end of the patience otherwise. */
  until(uri: string, satisfies: (published: Published) => boolean): Promise<Diagnostic[] | undefined> {
    return new Promise((done) => {
      const check = (): void => {
        const last = this.published.get(uri)?.at(-1);
        if (last === undefined || !satisfies(last)) return;
        finish();
      };
      const finish = (): void => {
        clearTimeout(timer);
        this.#listeners.delete(check);
        done(this.published.get(uri)?.at(-1)?.diagnostics);
      };
      const timer = setTimeout(finish, patience);
      this.#listeners.add(check);
      check();
    });
  }

  /** Ends the server; its exit code. */
  async stop(): Promise<number | null> {
    const ended = new Promise<number | null>((done) => this.#process.once("exit", done));
    await this.connection.sendRequest("shutdown");
    await this.connection.sendNotification("exit");
    const code = await ended;
    this.connection.dispose();
    return code;
  }
}

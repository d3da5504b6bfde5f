/** The extension of VS Code: starts the language server of the workspace's own hmc, and shows the graph beside the text. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { randomUUID } from "node:crypto";
import { dirname, join } from "node:path";
import * as vscode from "vscode";
import { LanguageClient, TransportKind, type Range } from "vscode-languageclient/node";
import type { ExtensionMessage, PanelMessage } from "./messages.ts";
import { panelHtml } from "./panel-html.ts";

interface Answer {
  pipeline: string;
  svg: string;
  places: Record<string, { uri: string; range: Range }>;
  current?: string;
}

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const status = vscode.window.createStatusBarItem("hmc", vscode.StatusBarAlignment.Right, 90);
  status.command = "hmc.graph";
  const panel = new Panel(readFileSync(join(context.extensionPath, "panel.js"), "utf8"));
  const command = (name: string, act: (...given: never[]) => unknown): vscode.Disposable => vscode.commands.registerCommand(name, act);
  context.subscriptions.push(
    status,
    panel,
    command("hmc.graph", () => panel.show()),
    command("hmc.run", (file?: string, pipeline?: string) => inTerminal("run", file, pipeline)),
    command("hmc.compile", (file?: string, pipeline?: string) => inTerminal("compile", file, pipeline)),
    command("hmc.restart", async () => {
      await client?.stop();
      client = await start();
    }),
    vscode.window.onDidChangeActiveTextEditor(() => (tell(status), panel.follow())),
    vscode.window.onDidChangeTextEditorSelection(() => panel.follow()),
    vscode.workspace.onDidChangeTextDocument(() => panel.follow()),
    vscode.languages.onDidChangeDiagnostics(() => tell(status)),
  );
  client = await start();
  tell(status);
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}

/** The command line of the workspace. */
function hmcOf(folder: vscode.WorkspaceFolder | undefined): string | undefined {
  const given = vscode.workspace.getConfiguration("hmc", folder).get<string>("path") ?? "";
  if (given !== "") return existsSync(given) ? given : undefined;
  if (folder === undefined) return undefined;
  try {
    const file = join(dirname(createRequire(join(folder.uri.fsPath, "package.json")).resolve("hmc/package.json")), "dist/hmc.mjs");
    return existsSync(file) ? file : undefined;
  } catch {
    return undefined;
  }
}

async function start(): Promise<LanguageClient | undefined> {
  const settings = vscode.workspace.getConfiguration("hmc");
  if (settings.get<boolean>("languageServer") === false) return undefined;
  const module = (vscode.workspace.workspaceFolders ?? []).map(hmcOf).find((file) => file !== undefined);
  if (module === undefined) {
    // Most workspaces with TypeScript have no pipelines: nothing is said there.
    if (settings.get<string>("path")) void vscode.window.showErrorMessage("hmc: there is no file at the setting hmc.path.");
    return undefined;
  }
  const started = new LanguageClient("hmc", "hmc", { command: process.execPath, args: [module, "lsp", "--stdio"], transport: TransportKind.stdio, options: { env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" } } }, {
    documentSelector: [{ scheme: "file", language: "typescript" }, { scheme: "file", language: "typescriptreact" }, { scheme: "file", language: "yaml" }],
    synchronize: { configurationSection: "hmc" },
    initializationOptions: { targets: settings.get("targets") },
  });
  await started.start();
  return started;
}

function inTerminal(what: "run" | "compile", file = vscode.window.activeTextEditor?.document.uri.fsPath, pipeline?: string): void {
  if (file === undefined) return;
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file));
  const terminal = vscode.window.terminals.find(({ name }) => name === "hmc") ?? vscode.window.createTerminal({ name: "hmc", ...(folder === undefined ? {} : { cwd: folder.uri }) });
  terminal.show(true);
  terminal.sendText(["npx", "hmc", what, JSON.stringify(file), ...(pipeline === undefined ? [] : ["--pipeline", pipeline])].join(" "));
}

/** What the status bar says of the open file. */
function tell(status: vscode.StatusBarItem): void {
  const document = vscode.window.activeTextEditor?.document;
  const isPipeline = document !== undefined && /^typescript/.test(document.languageId) && /(?:from|import)\s*["']hmc["']/.test(document.getText());
  void vscode.commands.executeCommand("setContext", "hmc.isPipeline", isPipeline);
  if (document === undefined || !isPipeline || client === undefined) return status.hide();
  const found = vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source?.toLowerCase().startsWith("hmc"));
  const errors = found.filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error).length;
  status.text = errors > 0 ? `$(error) hmc ${errors}` : found.length > 0 ? `$(warning) hmc ${found.length}` : "$(check) hmc";
  status.tooltip = "Show the graph";
  status.show();
}

/** The graph of the pipeline around the cursor. */
class Panel implements vscode.Disposable {
  readonly #script: string;
  #panel: vscode.WebviewPanel | undefined;
  #places: Answer["places"] = {};
  #timer: NodeJS.Timeout | undefined;

  constructor(script: string) {
    this.#script = script;
  }

  show(): void {
    if (this.#panel !== undefined) return this.#panel.reveal(undefined, true);
    const panel = vscode.window.createWebviewPanel("hmc.graph", "Graph", { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true }, { enableScripts: true, retainContextWhenHidden: true, localResourceRoots: [] });
    this.#panel = panel;
    panel.onDidDispose(() => (this.#panel = undefined));
    panel.webview.onDidReceiveMessage((message: PanelMessage) => {
      if (message.kind === "ready") this.follow();
      else void this.#reveal(message.id);
    });
    panel.webview.html = panelHtml(this.#script, randomUUID());
  }

  /** Asks for the picture anew, after a short rest. */
  follow(): void {
    if (this.#panel === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), 60);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#panel?.dispose();
  }

  async #ask(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (editor === undefined || client === undefined || !/^typescript/.test(editor.document.languageId)) return;
    const { line, character } = editor.selection.active;
    const answer = await client.sendRequest<Answer | null>("hmc/graph", { textDocument: { uri: editor.document.uri.toString() }, position: { line, character } });
    this.#places = answer?.places ?? {};
    const message: ExtensionMessage = answer === null ? { kind: "none" } : { kind: "graph", pipeline: answer.pipeline, svg: answer.svg, ...(answer.current === undefined ? {} : { current: answer.current }) };
    await this.#panel?.webview.postMessage(message);
  }

  async #reveal(id: string): Promise<void> {
    const place = this.#places[id];
    if (place === undefined) return;
    const { start, end } = place.range;
    const selection = new vscode.Range(start.line, start.character, end.line, end.character);
    const editor = await vscode.window.showTextDocument(vscode.Uri.parse(place.uri), { viewColumn: vscode.ViewColumn.One, selection: new vscode.Range(selection.start, selection.start) });
    editor.revealRange(selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }
}

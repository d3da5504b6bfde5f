/** The language server: the service, over the language server protocol. It runs beside TypeScript's own server and repeats none of its errors. */
import { TextDocument } from "vscode-languageserver-textdocument";
import {
  createConnection, DidChangeConfigurationNotification, DidChangeWatchedFilesNotification, InlayHintKind, MarkupKind, ProposedFeatures, TextDocuments, TextDocumentSyncKind,
  type Connection, type InitializeParams, type InitializeResult, type TextDocumentPositionParams,
} from "vscode-languageserver/node";
import type { EmittedTarget } from "../compile.ts";
import type { Host } from "../host.ts";
import { version } from "../version.ts";
import { codeLenses, inlayHints } from "./hints.ts";
import { completions } from "./completions.ts";
import { graphAt } from "./graph-at.ts";
import { hover } from "./hover.ts";
import { orderActions } from "./order-actions.ts";
import { pathOf, protocolAction, protocolDiagnostic, protocolFix, protocolSymbol, rangeOf, uriOf } from "./protocol.ts";
import { createService, type Service } from "./service.ts";
import { definition, documentSymbols, usesOfComponent } from "./symbols.ts";

/** Milliseconds of rest after an edit before its findings are looked for: keys that come in a burst make one edit. */
const rest = 5;

/**
 * Serves one editor until it says `exit` or its streams end.
 *
 * @returns the exit code: 1 where the editor went without `shutdown`, as the protocol wants it
 */
export function serve(host: Host, input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Promise<number> {
  return new Promise((end) => {
    const connection = createConnection(ProposedFeatures.all, input, output);
    let isShutDown = false;
    connection.onShutdown(() => {
      isShutDown = true;
    });
    connection.onExit(() => end(isShutDown ? 0 : 1));
    input.on("end", () => end(isShutDown ? 0 : 1));
    new Server(host, connection).listen();
  });
}

class Server {
  readonly #connection: Connection;
  readonly #documents = new TextDocuments(TextDocument);
  readonly #service: Service;
  /** By path: the search that a later edit ends. */
  readonly #searches = new Map<string, AbortController>();
  #client: { watches: boolean; configuration: boolean; refreshesHints: boolean; refreshesLenses: boolean } = { watches: false, configuration: false, refreshesHints: false, refreshesLenses: false };

  constructor(host: Host, connection: Connection) {
    this.#connection = connection;
    this.#service = createService(host, { failed: (error) => connection.console.error(`hmc: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`) });
  }

  listen(): void {
    const connection = this.#connection;
    const service = this.#service;
    connection.onInitialize((params) => this.#initialize(params));
    connection.onInitialized(() => void this.#initialized());
    this.#documents.onDidOpen(({ document }) => this.#edited(document, true));
    this.#documents.onDidChangeContent(({ document }) => this.#edited(document, false));
    this.#documents.onDidClose(({ document }) => this.#closed(document.uri));
    this.#documents.onDidSave(({ document }) => this.#saved(document.uri));
    connection.onDidChangeWatchedFiles(({ changes }) => {
      const paths = changes.flatMap(({ uri }) => pathOf(uri) ?? []);
      service.filesChanged(paths);
      for (const path of paths) if (/\.ya?ml$/.test(path)) this.#saved(uriOf(path));
      this.#searchAll();
    });
    connection.onDidChangeConfiguration(({ settings }) => void this.#configure(settings));
    connection.onHover(({ textDocument, position }) => this.#at(textDocument.uri, null, (path, document) => {
      const value = hover(service, path, document.offsetAt(position));
      return value === undefined ? null : { contents: { kind: MarkupKind.Markdown, value } };
    }));
    connection.onDefinition(({ textDocument, position }) => this.#at(textDocument.uri, null, (path, document) => {
      const found = /\.ya?ml$/.test(path) ? usesOfComponent(service, path) : definition(service, path, document.offsetAt(position));
      return found.map((location) => ({ uri: uriOf(location.path), range: rangeOf(location.span) }));
    }));
    connection.onDocumentSymbol(({ textDocument }) => this.#at(textDocument.uri, null, (path) => documentSymbols(service, path).map(protocolSymbol)));
    connection.onCompletion(({ textDocument, position }) => this.#at(textDocument.uri, null, (path, document) => completions(service, path, document.offsetAt(position)).map(({ label, detail, start, end }) => ({
      label,
      detail,
      filterText: label,
      textEdit: { range: { start: document.positionAt(start), end: document.positionAt(end) }, newText: label },
    }))));
    connection.onCodeLens(({ textDocument }) => this.#at(textDocument.uri, null, (path) => codeLenses(service, path).map((lens) => {
      const { line, column } = lens.span;
      const start = { line: line - 1, character: column - 1 };
      return { range: { start, end: start }, command: { title: lens.title, command: lens.command, arguments: lens.arguments } };
    })));
    connection.languages.inlayHint.on(({ textDocument, range }) => this.#at(textDocument.uri, null, (path, document) => {
      const from = document.offsetAt(range.start);
      const to = document.offsetAt(range.end);
      return inlayHints(service, path).filter(({ offset }) => from <= offset && offset <= to).map(({ offset, label, tooltip }) => ({ position: document.positionAt(offset), label, tooltip, kind: InlayHintKind.Type, paddingLeft: true }));
    }));
    connection.onCodeAction(({ textDocument, range }) => this.#at(textDocument.uri, null, (path, document) => {
      const orders = orderActions(service, path, document.offsetAt(range.start)).map(({ fix, root }) => protocolAction(fix, root, "refactor.rewrite"));
      const found = [...(service.diagnostics(path, "whole") ?? []), ...service.typescriptFixes(path)];
      const fixes = found.flatMap(({ diagnostic: one, root }) => {
        const action = one.span === undefined ? undefined : protocolFix(one, root);
        const at = one.span === undefined ? undefined : rangeOf(one.span);
        return action === undefined || at === undefined || isBefore(at.end, range.start) || isBefore(range.end, at.start) ? [] : [action];
      });
      return [...fixes, ...orders];
    }));
    connection.onRequest("hmc/graph", ({ textDocument, position }: TextDocumentPositionParams) => this.#at(textDocument.uri, null, (path, document) => {
      const found = graphAt(service, path, document.offsetAt(position));
      return found === undefined ? null : { ...found, places: Object.fromEntries(Object.entries(found.places).map(([id, { path: file, span }]) => [id, { uri: uriOf(file), range: rangeOf(span) }])) };
    }));
    this.#documents.listen(connection);
    connection.listen();
  }

  #initialize({ capabilities, initializationOptions }: InitializeParams): InitializeResult {
    const { workspace } = capabilities;
    this.#client = {
      watches: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
      configuration: workspace?.configuration === true,
      refreshesHints: workspace?.inlayHint?.refreshSupport === true,
      refreshesLenses: workspace?.codeLens?.refreshSupport === true,
    };
    this.#service.configure(settingsOf((initializationOptions as { hmc?: unknown } | null | undefined)?.hmc ?? initializationOptions));
    return {
      serverInfo: { name: "hmc", version: version() },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
        hoverProvider: true,
        definitionProvider: true,
        documentSymbolProvider: true,
        completionProvider: { triggerCharacters: ['"', "'", "`"] },
        codeLensProvider: { resolveProvider: false },
        inlayHintProvider: true,
        codeActionProvider: { codeActionKinds: ["quickfix", "refactor.rewrite"] },
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
    };
  }

  async #initialized(): Promise<void> {
    if (this.#client.watches) {
      await this.#connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: ["**/*.{ts,mts,cts,tsx,yaml,yml}", "**/{package,tsconfig}.json"].map((globPattern) => ({ globPattern })) });
    }
    if (this.#client.configuration) {
      await this.#connection.client.register(DidChangeConfigurationNotification.type, { section: "hmc" });
      await this.#configure(undefined);
    }
  }

  /** @param given what the editor sent; one that answers questions is asked instead */
  async #configure(given: unknown): Promise<void> {
    const settings = this.#client.configuration ? await this.#connection.workspace.getConfiguration("hmc") : (given as { hmc?: unknown } | null | undefined)?.hmc;
    this.#service.configure(settingsOf(settings));
    this.#searchAll();
  }

  #edited(document: TextDocument, isNew: boolean): void {
    const path = pathOf(document.uri);
    if (path === undefined) return;
    const before = this.#service.affectedBy(path);
    if (isNew) this.#service.open(path, document.getText(), document.version);
    else this.#service.change(path, document.getText(), document.version);
    for (const affected of new Set([path, ...before])) this.#search(affected);
  }

  #closed(uri: string): void {
    const path = pathOf(uri);
    if (path === undefined) return;
    const affected = this.#service.affectedBy(path);
    this.#service.close(path);
    this.#searches.get(path)?.abort();
    this.#searches.delete(path);
    void this.#connection.sendDiagnostics({ uri, diagnostics: [] });
    for (const other of affected) if (other !== path) this.#search(other);
  }

  #saved(uri: string): void {
    const path = pathOf(uri);
    if (path === undefined) return;
    const result = this.#service.saved(path);
    if (result === "foreign") this.#connection.console.warn(`"${path}.d.ts" was not written by hmc, so it stays as it is. Remove it to have the types of "${path}".`);
    this.#searchAll();
  }

  #searchAll(): void {
    for (const path of this.#service.entries()) this.#search(path);
  }

  /** Looks for the findings of a file and tells them: first what is found quickly, then all. A later search of the file ends this one. */
  #search(path: string): void {
    this.#searches.get(path)?.abort();
    const search = new AbortController();
    this.#searches.set(path, search);
    const { signal } = search;
    setTimeout(() => {
      if (!this.#tell(path, "quick", signal)) return;
      // Edits that have come meanwhile are read first.
      setTimeout(() => {
        if (!this.#tell(path, "whole", signal)) return;
        if (this.#client.refreshesHints) this.#connection.languages.inlayHint.refresh().catch(() => undefined);
        if (this.#client.refreshesLenses) this.#connection.sendRequest("workspace/codeLens/refresh").catch(() => undefined);
      }, 0);
    }, rest);
  }

  /** @returns whether the search goes on */
  #tell(path: string, stage: "quick" | "whole", signal: AbortSignal): boolean {
    if (signal.aborted) return false;
    const found = this.#service.diagnostics(path, stage, signal);
    const openVersion = this.#service.version(path);
    if (found === undefined || openVersion === undefined) return false;
    void this.#connection.sendDiagnostics({ uri: uriOf(path), version: openVersion, diagnostics: found.map(({ diagnostic, root }) => protocolDiagnostic(diagnostic, root)) });
    return true;
  }

  /** Answers a question about an open file; anything that goes wrong inside is logged, and the answer is empty. */
  #at<T>(uri: string, nothing: T, answer: (path: string, document: TextDocument) => T): T {
    const path = pathOf(uri);
    const document = this.#documents.get(uri);
    if (path === undefined || document === undefined) return nothing;
    try {
      return answer(path, document);
    } catch (error) {
      this.#connection.console.error(`hmc: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return nothing;
    }
  }
}

/** The settings that an editor gives under `hmc`; what does not fit is left out. */
function settingsOf(given: unknown): { targets?: EmittedTarget[] } {
  const targets = (given as { targets?: unknown } | null | undefined)?.targets;
  return Array.isArray(targets) ? { targets: targets.filter((target): target is EmittedTarget => target === "kfp" || target === "argo") } : {};
}

function isBefore(a: { line: number; character: number }, b: { line: number; character: number }): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}

/** `hmc lsp` */
import { serve } from "../editor/lsp.ts";
import type { Host } from "../host.ts";

/** Serves the editor that started the process, over standard input and output, until it ends the session. */
export function lspCommand(host: Host): Promise<number> {
  return serve(host, process.stdin, process.stdout);
}

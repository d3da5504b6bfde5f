/** The code of ops that a compiled file carries: made with esbuild, and its sizes told. */
import type { BundleCode } from "../compile.ts";
import type { Host } from "../host.ts";
import { inlineCode } from "../../runtime/inline-code.ts";
import { shownBytes } from "./artifacts-command.ts";

export class CarriedCode {
  /** The files that went in, relative to the project root. */
  inputs: string[] = [];
  readonly #host: Host;
  #sizes: [op: string, bytes: number][] = [];

  constructor(host: Host) {
    this.#host = host;
  }

  readonly bundle: BundleCode = async (document, root, ops) => {
    const { bundles, inputs, diagnostics } = await inlineCode({ document, root, ops, environment: (name) => this.#host.env(name) });
    this.inputs = inputs.filter((input) => !/^[a-z-]+:/.test(input) && !input.includes("node_modules/"));
    this.#sizes = [...bundles].map(([op, text]) => [op, text.length]);
    return { bundles, diagnostics };
  };

  /** A line that tells what is carried; empty where nothing is. */
  summary(): string {
    if (this.#sizes.length === 0) return "";
    return `  It carries the code of ${this.#sizes.map(([op, bytes]) => `${op} (${shownBytes(bytes)})`).join(", ")}.\n`;
  }
}

/** What comparing needs of esbuild: hashes of the code of ops, and the code that compiled files carry. */
import type { CompareTools } from "../compare.ts";
import type { Host } from "../host.ts";
import { bundleFailures } from "../../runtime/bundle.ts";
import { inlineCode } from "../../runtime/inline-code.ts";
import { opCode } from "../../runtime/op-code.ts";

/** The tools of a machine with files. */
export function compareTools(host: Host): CompareTools {
  const environment = (name: string): string | undefined => host.env(name);
  return {
    code: async (document, root) => {
      try {
        return { code: await opCode({ document, root, environment }) };
      } catch (error) {
        const ops = Object.values(document.components).filter((component) => component.kind === "op");
        const [first] = bundleFailures(error, root, ops);
        return { problem: first?.message ?? "" };
      }
    },
    bundle: (document, root, ops) => inlineCode({ document, root, ops, environment }),
  };
}

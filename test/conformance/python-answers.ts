/** Asks `reader.py` many things in one process. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Json } from "../../compiler/ir/types.ts";
import { root } from "./environment.ts";

export type Answer = { ok: Json } | { error: string };

/** The answers to all questions of one kind, in order. */
export function pythonAnswers(python: string, ask: "yaml" | "messages" | "fields" | "v1", values: readonly Json[]): Promise<Answer[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(python, [join(root, "test/conformance/reader.py")], { stdio: ["pipe", "pipe", "inherit"] });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.on("error", reject);
    child.on("close", (status) => {
      const answers = output.split("\n").filter((line) => line !== "");
      if (status !== 0 || answers.length !== values.length) return reject(new Error(`reader.py gave ${answers.length} answers to ${values.length} questions, exit code ${status}`));
      resolve(answers.map((line) => JSON.parse(line) as Answer));
    });
    for (const value of values) child.stdin.write(`${JSON.stringify({ ask, value })}\n`);
    child.stdin.end();
  });
}

/**
 * Runs the test suites, two at a time, each in its own process.
 *
 *   node test/run.mjs                    all of test/**\/*.test.ts
 *   node test/run.mjs rules cli/help     those whose path under test/ begins with one of these
 *   node test/run.mjs --typecheck        the type check of all sources, too
 *   node test/run.mjs --update fixtures  write what the compiler gives over the expected files
 *
 * The last line is `N passed, N failed`; the exit code is 0 where none failed.
 */
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const folder = dirname(fileURLToPath(import.meta.url));
const root = dirname(folder);
const flags = process.argv.slice(2).filter((arg) => arg.startsWith("--"));
const filters = process.argv.slice(2).filter((arg) => !arg.startsWith("--")).map((filter) => filter.replace(/^(\.\/)?test\//, ""));
const unknown = flags.find((flag) => flag !== "--typecheck" && flag !== "--update");
if (unknown !== undefined) {
  console.error(`Unknown option "${unknown}". There are --typecheck and --update.`);
  process.exit(1);
}

/** Milliseconds after which a suite counts as hanging. */
const patience = 15 * 60 * 1000;

const files = readdirSync(folder, { recursive: true })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => file.endsWith(".test.ts") && (filters.length === 0 || filters.some((filter) => file.startsWith(filter))))
  .sort();
const suites = files.map((file) => ({ name: file.replace(/\.test\.ts$/, ""), args: ["--import", "tsx", join(folder, file)], count: countUvu }));
if (flags.includes("--typecheck")) {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  suites.unshift({ name: "type check", args: [tsc, "-p", join(root, "tsconfig.json")], count: (_, exitCode) => (exitCode === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }) });
}
if (suites.length === 0) {
  console.error(`No suite under ${relative(process.cwd(), folder) || "."} begins with ${filters.join(" or ")}.`);
  process.exit(1);
}

/** What a suite of uvu says of itself. A suite that ends before it can say so has failed. */
function countUvu(output, exitCode) {
  const sum = (pattern) => [...output.matchAll(pattern)].reduce((total, [, number]) => total + Number(number), 0);
  const total = sum(/^ {2}Total: +(\d+)$/gm);
  const passed = sum(/^ {2}Passed: +(\d+)$/gm);
  const failed = total - passed - sum(/^ {2}Skipped: +(\d+)$/gm);
  if (exitCode !== 0) return { passed, failed: Math.max(1, failed) };
  return total === 0 ? { passed: 0, failed: 1, remark: "it ran no test" } : { passed, failed };
}

function run({ name, args, count }) {
  return new Promise((done) => {
    const started = performance.now();
    const env = { ...process.env, NO_COLOR: "1", ...(flags.includes("--update") ? { HMC_UPDATE: "1" } : {}) };
    delete env.FORCE_COLOR;
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
    const timer = setTimeout(() => child.kill("SIGKILL"), patience);
    child.on("close", (exitCode, signal) => {
      clearTimeout(timer);
      const { passed, failed, remark } = count(output, exitCode);
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      const notes = [remark, signal === null ? undefined : `ended by ${signal}`].filter(Boolean).map((note) => `, ${note}`).join("");
      console.log(`${failed === 0 ? "✓" : "✗"} ${name.padEnd(40)} ${String(passed).padStart(5)} passed${failed === 0 ? "" : `, ${failed} failed`}${notes}  ${seconds} s`);
      if (failed > 0) console.log(output.replace(/^/gm, "    "));
      done({ passed, failed });
    });
  });
}

const results = [];
const waiting = [...suites];
await Promise.all([1, 2].map(async () => {
  for (let suite = waiting.shift(); suite !== undefined; suite = waiting.shift()) results.push(await run(suite));
}));
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** Every code has a page, and something that raises it. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { registry } from "../../compiler/diagnostics/registry.ts";
import { expectGolden } from "../fixtures/golden.ts";
import { codeBlocks } from "../fixtures/markdown.ts";
import { errorsIndex } from "./errors-index.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Codes that no pipeline file can raise, by the test that does. */
const byTest: Readonly<Record<string, readonly string[]>> = {
  "test/cli/bad-input.test.ts": [
    "HMC0001", "HMC0002", "HMC0003", "HMC0004", "HMC0005", "HMC0006", "HMC0007", "HMC0008", "HMC0009", "HMC0010", "HMC0011", "HMC0012", "HMC0014", "HMC0015", "HMC0016", "HMC0018",
  ],
  "test/cli/source-file.test.ts": ["HMC0017"],
  "test/kfp/limits.test.ts": ["HMC4016", "HMC4027", "HMC4030"],
  "test/argo/emit-pod.test.ts": ["HMC4140", "HMC4142", "HMC4143", "HMC4144", "HMC4146"],
  "test/argo/emit-command.test.ts": ["HMC4150"],
  "test/argo/emit-sizes.test.ts": ["HMC4151", "HMC4152", "HMC4153", "HMC4154", "HMC4155", "HMC4156"],
  "test/argo/emit-documents.test.ts": ["HMC4141", "HMC4145"],
  "test/cli/import.test.ts": ["HMC7060", "HMC7061", "HMC7062"],
  "test/runtime/commands.test.ts": ["HMC6001", "HMC6003", "HMC6004", "HMC6005", "HMC6006", "HMC6007", "HMC6008", "HMC6009", "HMC6010", "HMC6011", "HMC6012", "HMC6013", "HMC6016"],
  "test/runtime/continue.test.ts": ["HMC6020", "HMC6021", "HMC6022", "HMC6023", "HMC6024", "HMC6025", "HMC6026", "HMC6027", "HMC6028", "HMC6029", "HMC6030", "HMC6031"],
  "test/cli/build.test.ts": ["HMC6060"],
  "test/runtime/inline-code.test.ts": ["HMC6061", "HMC6062"],
  "test/cli/shared-store.test.ts": ["HMC6080", "HMC6081", "HMC6082", "HMC6083"],
  "test/cli/diff.test.ts": ["HMC6200", "HMC6201", "HMC6202", "HMC6203", "HMC6204", "HMC6205", "HMC6206"],
  "test/deploy/command.test.ts": [
    "HMC6220", "HMC6221", "HMC6222", "HMC6223", "HMC6224", "HMC6225", "HMC6226", "HMC6227", "HMC6228", "HMC6229", "HMC6243", "HMC6244", "HMC6245", "HMC6246", "HMC6247", "HMC6248", "HMC6249", "HMC6250", "HMC6251", "HMC6252", "HMC6253", "HMC6254", "HMC6255", "HMC6256",
  ],
  "test/deploy/argo.test.ts": ["HMC6257", "HMC6258", "HMC6259"],
  "test/deploy/requests.test.ts": ["HMC6230", "HMC6231", "HMC6232", "HMC6233", "HMC6234", "HMC6235", "HMC6236", "HMC6237", "HMC6238", "HMC6239", "HMC6240", "HMC6241", "HMC6242"],
  "test/cli/runs.test.ts": ["HMC6040", "HMC6041"],
  "test/cli/simulate.test.ts": ["HMC6014", "HMC6015"],
  "test/importers/read-errors.test.ts": [
    "HMC7001", "HMC7002", "HMC7003", "HMC7004", "HMC7005", "HMC7006", "HMC7007", "HMC7008", "HMC7009", "HMC7010", "HMC7011", "HMC7012", "HMC7013", "HMC7014", "HMC7015", "HMC7016", "HMC7017", "HMC7018", "HMC7019", "HMC7020", "HMC7021", "HMC7022", "HMC7023", "HMC7024", "HMC7025", "HMC7026",
  ],
  "test/importers/import-codes.test.ts": ["HMC7030", "HMC7031", "HMC7032", "HMC7035", "HMC7036", "HMC7037", "HMC7038", "HMC7039", "HMC7040"],
  "test/runtime/bundle.test.ts": ["HMC6002"],
  "test/argo/check-pages.test.ts": Object.keys(registry).filter((code) => code.startsWith("HMC8")),
};
const raisedByTests = Object.fromEntries(Object.entries(byTest).flatMap(([file, codes]) => codes.map((code) => [code, file])));

const fixtures = readdirSync(join(root, "fixtures")).filter((name) => name.startsWith("invalid-"));

for (const [code, entry] of Object.entries(registry)) {
  test(`${code} has a page with its title, message, reason and fix`, () => {
    const path = join(root, `docs/errors/${code}.md`);
    assert.ok(existsSync(path), `docs/errors/${code}.md is missing`);
    const page = readFileSync(path, "utf8");
    assert.is(page.split("\n")[0], `# ${code}: ${entry.title}`);
    const sections = page.split(/^## /m).slice(1);
    assert.equal(sections.map((section) => section.split("\n")[0]), ["Message", "Why", "Fix"]);
    const [message = "", why = "", fix = ""] = sections;
    assert.ok(words(why).length > 40, "it says why");
    assert.ok(isMessageOf(entry.message as (parameters: unknown) => string, words(message)), `the message is that of the registry, not ${JSON.stringify(words(message))}`);
    const [, before = "", after = ""] = /\nBefore[^\n]*\n([\s\S]*)\nAfter[^\n]*\n([\s\S]*)/.exec(fix) ?? [];
    const [wrong, right] = [codeBlocks(before)[0]?.text, codeBlocks(after)[0]?.text];
    assert.ok(wrong !== undefined && wrong.trim() !== "", "there is code before the fix");
    assert.ok(right !== undefined && right.trim() !== "", "there is code after the fix");
    assert.is.not(wrong, right);
  });

  test(`${code} is raised by a fixture or a test`, () => {
    const raising: string | undefined = raisedByTests[code];
    const cases = fixtures.filter((name) => name.startsWith(`invalid-${code.toLowerCase()}-`));
    if (raising !== undefined) {
      assert.equal(cases, [], "a code with a fixture needs no entry among the tests");
      assert.match(readFileSync(join(root, raising), "utf8"), code);
      return;
    }
    assert.ok(cases.length > 0, `there is neither fixtures/invalid-${code.toLowerCase()}-… nor an entry in raisedByTests`);
    for (const name of cases) {
      const golden = join(root, "fixtures", name, "diagnostics.txt");
      assert.ok(existsSync(golden), `fixtures/${name}/diagnostics.txt is missing`);
      assert.match(readFileSync(golden, "utf8"), ` ${code}: `);
    }
  });
}

test("no page and no entry is left of a code that does not exist", () => {
  const pages = readdirSync(join(root, "docs/errors")).filter((name) => name !== "README.md").map((name) => name.replace(/\.md$/, ""));
  assert.equal([...pages, ...Object.keys(raisedByTests)].filter((code) => !Object.hasOwn(registry, code)), []);
});

test("codes have four digits, messages are sentences, and titles are short", () => {
  for (const [code, entry] of Object.entries(registry)) {
    assert.match(code, /^HMC[0-8]\d{3}$/);
    assert.match(messageWith(entry.message as (parameters: unknown) => string, anything), /[.?:)\uE000]$/, code);
    assert.ok(entry.title.length <= 60 && !entry.title.endsWith("."), code);
  }
});

test("the index lists every code", () => {
  expectGolden(join(root, "docs/errors/README.md"), errorsIndex());
});

/** Text without the marks of quotes and code blocks, and with single spaces. */
function words(section: string): string {
  return section.split("\n").slice(1).filter((line) => !line.startsWith("```")).map((line) => line.replace(/^> ?/, "")).join(" ").replace(/\s+/g, " ").trim();
}

/** A character of private use, which no message has. */
const GAP = "\uE000";

/** Stands for whatever a message may name: text, a number, or a list. */
const anything: unknown = new Proxy(() => anything, {
  get: (_, key) => (key === Symbol.toPrimitive || key === "toString" || key === "toJSON" ? () => GAP : key === Symbol.iterator ? () => [anything][Symbol.iterator]() : key === "length" ? 2 : anything),
});

function messageWith(message: (parameters: unknown) => string, value: unknown, absent?: string): string {
  return message(new Proxy({}, { get: (_, key) => (key === absent ? undefined : value) }));
}

/** Whether a text is what a message of the registry gives for some parameters, of which one may be missing. */
function isMessageOf(message: (parameters: unknown) => string, text: string): boolean {
  const keys = new Set<string | undefined>([undefined]);
  message(new Proxy({}, { get: (_, key) => (keys.add(String(key)), anything) }));
  return [...keys].some((absent) => {
    const parts = messageWith(message, anything, absent).split(GAP).map((part) => part.replace(/\s+/g, " "));
    let position = 0;
    return parts.every((part) => {
      const found = text.indexOf(part, position);
      position = found + part.length;
      return found >= 0;
    });
  });
}

test.run();

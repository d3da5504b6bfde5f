import { test } from "uvu";
import * as assert from "uvu/assert";
import { diagnostic, type Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { countDiagnostics, renderDiagnostics } from "../../compiler/diagnostics/render.ts";
import { sortDiagnostics } from "../../compiler/diagnostics/sort.ts";
import { spanOf } from "./spans.ts";

const text = 'const a = op({ image: "x" });\nconst é = op();\na.after(a);\n';
const texts = new Map([["src dir/pipeline.ts", text]]);
const span = (part: string) => spanOf(text, part, "src dir/pipeline.ts");
const image = diagnostic("HMC5003", span('"x"'), { image: "x", problem: "has no tag" }, { fix: { title: "Pin", edits: [{ span: span('"x"'), newText: '"x:1"' }] } });
const self = diagnostic("HMC3002", span("a.after(a)"), { task: "a" }, { related: [{ message: "declared here", span: span("a = op") }] });
const order = diagnostic("HMC5008", span("a.after(a)"), { task: "a", upstream: "b", reason: "it already is" });
const typescript: Diagnostic = { code: "TS2304", severity: "error", message: "Cannot find name", span: span("é"), related: [] };
const nowhere = diagnostic("HMC0001", undefined, { file: "x.ts" });
const all = [order, self, typescript, image, nowhere, self];

const parse = (format: "json" | "sarif" | "gitlab", given = all) => JSON.parse(renderDiagnostics(given, texts, format, { version: "1.2.3" })) as unknown;

test("sorted by file, place and code, each once, whatever the order before", () => {
  const expected = ["HMC0001", "HMC5003", "TS2304", "HMC3002", "HMC5008"];
  assert.equal(sortDiagnostics(all).map((one) => one.code), expected);
  assert.equal(sortDiagnostics([...all].reverse()).map((one) => one.code), expected);
});

test("every format is the same whatever the order of the findings", () => {
  for (const format of ["frame", "json", "sarif", "gitlab"] as const) {
    assert.is(renderDiagnostics(all, texts, format), renderDiagnostics([...all].reverse(), texts, format), format);
  }
});

test("frames end with a count; nothing found is nothing to show", () => {
  assert.match(renderDiagnostics(all, texts, "frame"), /\n\n3 errors, 1 warning and 1 hint\.\n$/);
  assert.is(renderDiagnostics([], texts, "frame"), "");
  assert.is(countDiagnostics([self]), "1 error.");
  assert.is(countDiagnostics([]), "Nothing found.");
});

test("JSON has all there is, in one shape", () => {
  const report = parse("json") as { summary: object; diagnostics: Record<string, unknown>[] };
  assert.equal(report.summary, { errors: 3, warnings: 1, infos: 1 });
  assert.equal(report.diagnostics[0], { code: "HMC0001", severity: "error", message: nowhere.message, span: null, related: [], fix: null, docs: "docs/errors/HMC0001.md" });
  assert.equal(report.diagnostics[1]?.["fix"], { title: "Pin", edits: [{ span: span('"x"'), newText: '"x:1"' }] });
  assert.is(report.diagnostics[2]?.["docs"], null);
  assert.equal(report.diagnostics[3]?.["related"], [{ message: "declared here", span: span("a = op") }]);
});

interface Sarif {
  version: string;
  runs: {
    tool: { driver: { name: string; semanticVersion: string; rules: { id: string; shortDescription: { text: string }; help: { text: string }; defaultConfiguration: { level: string } }[] } };
    columnKind: string;
    originalUriBaseIds: Record<string, unknown>;
    results: {
      ruleId: string;
      ruleIndex: number;
      level: string;
      message: { text: string };
      locations: { physicalLocation: { artifactLocation: { uri: string; uriBaseId: string }; region: Record<string, number> } }[];
      relatedLocations?: { id: number; message: { text: string } }[];
      partialFingerprints: Record<string, string>;
      fixes?: { artifactChanges: { replacements: { deletedRegion: object; insertedContent: { text: string } }[] }[] }[];
    }[];
  }[];
}

test("SARIF has what version 2.1.0 requires of a log, a run, a rule and a result", () => {
  const log = parse("sarif") as Sarif;
  assert.is(log.version, "2.1.0");
  assert.is(log.runs.length, 1);
  const [run] = log.runs;
  assert.is(run?.tool.driver.name, "hmc");
  assert.is(run?.tool.driver.semanticVersion, "1.2.3");
  assert.is(run?.columnKind, "utf16CodeUnits");
  assert.equal(run?.tool.driver.rules.map((rule) => rule.id), ["HMC0001", "HMC3002", "HMC5003", "HMC5008", "TS2304"]);
  for (const rule of run?.tool.driver.rules ?? []) {
    assert.ok(rule.shortDescription.text.length > 3 && rule.help.text.length > 10, rule.id);
    assert.ok(["error", "warning", "note"].includes(rule.defaultConfiguration.level));
  }
  for (const result of run?.results ?? []) {
    assert.is(run?.tool.driver.rules[result.ruleIndex]?.id, result.ruleId);
    assert.ok(["error", "warning", "note"].includes(result.level));
    assert.ok(result.message.text.length > 0);
    for (const { physicalLocation } of result.locations) {
      assert.is(physicalLocation.artifactLocation.uri, "src%20dir/pipeline.ts");
      assert.ok(physicalLocation.artifactLocation.uriBaseId in run!.originalUriBaseIds);
      const { startLine, startColumn, endLine, endColumn, charOffset, charLength } = physicalLocation.region;
      for (const position of [startLine, startColumn, endLine, endColumn]) assert.ok(position !== undefined && position >= 1);
      assert.ok(charOffset !== undefined && charOffset >= 0 && charLength !== undefined && charLength >= 0);
    }
  }
});

test("SARIF carries levels, related places and fixes", () => {
  const results = (parse("sarif") as Sarif).runs[0]!.results;
  assert.equal(results.map((result) => result.level), ["error", "warning", "error", "error", "note"]);
  assert.equal(results[0]?.locations, []);
  assert.equal(results[3]?.relatedLocations?.map(({ id, message }) => [id, message.text]), [[0, "declared here"]]);
  assert.is(results[1]?.fixes?.[0]?.artifactChanges[0]?.replacements[0]?.insertedContent.text, '"x:1"');
});

test("GitLab's report has the required members", () => {
  const report = parse("gitlab") as { description: string; check_name: string; fingerprint: string; severity: string; location: { path: string; lines: { begin: number } } }[];
  assert.equal(report.map((entry) => entry.severity), ["major", "minor", "major", "major", "info"]);
  for (const entry of report) {
    assert.ok(entry.description !== "" && /^(HMC|TS)\d+$/.test(entry.check_name));
    assert.match(entry.fingerprint, /^[0-9a-f]{16}$/);
    assert.ok(entry.location.path !== "" && Number.isInteger(entry.location.lines.begin) && entry.location.lines.begin >= 1);
  }
  assert.equal(report[1]?.location, { path: "src dir/pipeline.ts", lines: { begin: 1, end: 1 } });
});

test("fingerprints are distinct, and survive lines that are added above", () => {
  const prints = (given: string) => {
    const place = (part: string) => spanOf(given, part, "p.ts");
    const found = [diagnostic("HMC3002", place("b.after"), { task: "b" }), diagnostic("HMC3002", { ...place("b.after"), end: place("b.after").end + 1 }, { task: "b" })];
    return (JSON.parse(renderDiagnostics(found, new Map([["p.ts", given]]), "gitlab")) as { fingerprint: string }[]).map((entry) => entry.fingerprint);
  };
  const before = prints("b.after(b);\n");
  assert.is(new Set(before).size, 2);
  assert.equal(prints("\n\n// new\n  b.after(b);\n"), before);
  assert.not.equal(prints("b.after(b, c);\n"), before);
});

test("nothing found is an empty report", () => {
  assert.equal((parse("sarif", []) as Sarif).runs[0]?.results, []);
  assert.equal(parse("gitlab", []), []);
  assert.equal((parse("json", []) as { diagnostics: unknown[] }).diagnostics, []);
});

test.run();

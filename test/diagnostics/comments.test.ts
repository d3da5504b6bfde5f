import { readFileSync, readdirSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ts } from "ts-morph";
import { commentsOf } from "../../compiler/diagnostics/comments.ts";

const found = (text: string) => commentsOf(text).map((comment) => comment.text);

test("comments of both kinds, with what surrounds them", () => {
  assert.equal(commentsOf("a // b\n/* c */ d"), [
    { kind: "line", text: " b", start: 2, end: 6 },
    { kind: "block", text: " c ", start: 7, end: 14 },
  ]);
  assert.equal(found("//"), [""]);
  assert.equal(found("/* open"), [" open"]);
});

test("nothing in strings, templates and regular expressions is a comment", () => {
  const sources = [
    `"// a" // yes`, `'// a\\' // b' // yes`, "`// a` // yes", "`a ${ '// b' } // c` // yes", "`${`// ${1} // a`} // b` // yes", "`\\`// a` // yes",
    `/[/]\\/\\/ a/ // yes`, `x = /"/; // yes`, `return /'/ // yes`, `if (a) /'/.test(b) // yes`, `f(/\`/) // yes`, `a = b / c; '// d' // yes`, `i++ / 2; '/' // yes`,
    `(a) / 2 + "/" // yes`, `a[0] / "//".length // yes`, `"unclosed\n// yes`, `"a\\\n// still a string" // yes`, "`${ {a: {b: 1}} }// a` // yes", `x.return / 2 // yes`, `#!/usr/bin/env // no\n// yes`,
  ];
  for (const source of sources) assert.equal(found(source), [" yes"], source);
});

test("code in the substitution of a template may have comments", () => {
  assert.equal(found("`${ a /* b */ } /* c */`"), [" b "]);
});

test("on this project's own sources the comments are those that TypeScript's parser finds", () => {
  const files = readdirSync("compiler", { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  assert.ok(files.length > 30);
  for (const name of files) {
    const text = readFileSync(`compiler/${name}`, "utf8");
    assert.equal(commentsOf(text).map(({ start, end }) => [start, end]), commentsOfTypeScript(text), name);
  }
});

/** Comments as trivia between the tokens of the syntax tree. */
function commentsOfTypeScript(text: string): [number, number][] {
  const file = ts.createSourceFile("x.ts", text, ts.ScriptTarget.Latest, true);
  const ranges = new Map<number, [number, number]>();
  const visit = (node: ts.Node): void => {
    // Documentation comments are nodes of the tree and trivia, too.
    if (ts.isJSDoc(node)) return;
    const children = node.getChildren(file);
    if (children.length > 0) return children.forEach(visit);
    for (const range of [...(ts.getLeadingCommentRanges(text, node.pos) ?? []), ...(ts.getTrailingCommentRanges(text, node.end) ?? [])]) {
      if (node.kind !== ts.SyntaxKind.JsxText && !ts.isTemplateMiddleOrTemplateTail(node) && !ts.isTemplateHead(node)) ranges.set(range.pos, [range.pos, range.end]);
    }
  };
  visit(file);
  return [...ranges.values()].sort((left, right) => left[0] - right[0]);
}

test("linear time: a megabyte in a moment", () => {
  const text = "const a = `x ${b / c} y`; // z\n".repeat(35_000);
  const start = performance.now();
  assert.is(commentsOf(text).length, 35_000);
  assert.ok(performance.now() - start < 2000);
});

test.run();

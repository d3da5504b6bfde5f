/** A pipeline file of about 500 lines, for measures. */

/** One op in a chain of calls, with a branch for each tenth and a loop for each twenty-fifth. */
export function longPipeline(calls: number): string {
  const lines = [
    'import { op, pipeline, type Model } from "hmc";',
    "",
    ...Array.from({ length: 8 }, (_, index) => [
      `export const step${index} = op({ image: "ghcr.io/acme/ops:1.4" }, async (input: { data: string; depth?: number }, out: { model: Model }): Promise<{ score: number; text: string }> => {`,
      "  out.model.metadata[\"depth\"] = String(input.depth ?? 0);",
      "  return { score: input.data.length, text: input.data };",
      "});",
    ]).flat(),
    "",
    "export const long = pipeline(({ start = \"a\" }: { start?: string }) => {",
    '  const t0 = step0({ data: start, depth: 1 });',
  ];
  let last = "t0";
  for (let index = 1; index < calls; index++) {
    if (index % 10 === 0) lines.push(`  if (${last}.score > ${index}) {`, `    step${index % 8}({ data: ${last}.text });`, "  }");
    if (index % 25 === 0) lines.push(`  for (const item${index} of [1, 2, 3]) {`, `    step${index % 8}({ data: ${last}.text, depth: item${index} });`, "  }");
    lines.push(`  const t${index} = step${index % 8}({ data: ${last}.text, depth: ${index} });`);
    last = index % 20 === 0 ? "t0" : `t${index}`;
  }
  return `${[...lines, `  return { score: ${last}.score };`, "});"].join("\n")}\n`;
}

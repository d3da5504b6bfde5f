/** Random pipelines as our TypeScript. */
import type { Json } from "../../../compiler/ir/types.ts";
import { isArtifact, type Call, type Condition, type Op, type Options, type Pipeline, type Port, type Program, type Statement, type Type, type Value } from "./ast.ts";

export function printTypeScript(program: Program): string {
  return [
    `import { limit, op, pipeline, runStatus, secret, type Dataset, type Int, type Model, type RunStatus } from "hmc";`,
    `import { derive, digest } from "./derive.ts";`,
    `import { appendFileSync, readFileSync, writeFileSync } from "node:fs";`,
    `interface Plan { label: string; kind: string }`,
    `interface Group { label: string; depth: Int; rate: number; flag: boolean; parts: string[] }`,
    `const read = (data: { path: string }): string => readFileSync(data.path, "utf8");`,
    `const log = (op: string, inputs: Record<string, unknown>): void => appendFileSync(process.env["HMC_RANDOM_LOG"] ?? "/dev/null", JSON.stringify({ op, inputs }) + "\\n");`,
    `export const leave = op(async (input: { text: string; status: RunStatus }) => { console.log(input.text, input.status.state); });`,
    ...program.ops.map(opText),
    ...program.pipelines.map((pipeline) => pipelineText(pipeline, program.mains.includes(pipeline))),
  ].join("\n");
}

function typed(port: Port): string {
  return `${port.name}${port.optional === true ? "?" : ""}: ${port.type}${port.optional === true ? " | undefined" : ""}`;
}

function signature(ports: Port[]): string {
  const names = ports.map((port) => (port.default === undefined ? port.name : `${port.name} = ${literal(port.default)}`));
  return `{ ${names.join(", ")} }: { ${ports.map(typed).join("; ")} }`;
}

function opText(op: Op): string {
  const content = (port: Port): string => {
    if (!isArtifact(port.type)) return port.name;
    if (port.type.endsWith("[]")) return `${port.name}: ${port.name}${port.optional === true ? "?" : ""}.map(read)`;
    return port.optional === true ? `${port.name}: ${port.name} === undefined ? undefined : read(${port.name})` : `${port.name}: read(${port.name})`;
  };
  const artifacts = op.outputs.filter((output) => isArtifact(output.type));
  const parameters = op.outputs.filter((output) => !isArtifact(output.type));
  const value = (output: Port): string => `derive(hash, "${output.name}", "${output.type}") as ${output.type}`;
  return [
    `export const ${op.name} = op(async (${signature(op.inputs)}${artifacts.length === 0 ? "" : `, out: { ${artifacts.map(typed).join("; ")} }`}) => {`,
    `  const inputs = { ${op.inputs.map(content).join(", ")} };`,
    `  log("${op.name}", inputs);`,
    `  const hash = digest("${op.name}", inputs);`,
    ...artifacts.map((output) => `  writeFileSync(out.${output.name}.path, derive(hash, "${output.name}", "${output.type}") as string);`),
    op.single ? `  return ${value(parameters[0] as Port)};` : parameters.length === 0 ? `  void hash;` : `  return { ${parameters.map((output) => `${output.name}: ${value(output)}`).join(", ")} };`,
    `});`,
  ].join("\n");
}

function pipelineText(pipeline: Pipeline, isMain: boolean): string {
  const results = pipeline.outputs.map((output, index) => `${output.name}: ${valueText(pipeline.results[index] as Value)}`);
  return [
    `${isMain ? "export " : ""}const ${pipeline.name} = pipeline({ defaults: { image: "ghcr.io/acme/ops:1.0" } }, (${pipeline.inputs.length === 0 ? "" : signature(pipeline.inputs)}) => {`,
    ...pipeline.body.flatMap((statement) => statementLines(statement)).map((line) => `  ${line}`),
    ...(results.length === 0 ? [] : [`  return { ${results.join(", ")} };`]),
    `});`,
  ].join("\n");
}

const indent = (lines: string[]): string[] => lines.map((line) => `  ${line}`);

function statementLines(statement: Statement): string[] {
  switch (statement.kind) {
    case "call":
      return [`const ${statement.variable} = ${callText(statement)};`];
    case "if":
      return branchLines(statement);
    case "for":
      return loopLines(statement);
    case "try":
      return ["try {", ...indent(statement.body.flatMap(statementLines)), "} finally {", `  leave({ text: ${valueText(statement.exit.arguments["text"] as Value)}, status: runStatus() });`, "}"];
  }
}

function callText(call: Call): string {
  const given = Object.entries(call.arguments).map(([name, value]) => `${name}: ${valueText(value)}`);
  const options = optionsText(call.options);
  const after = call.after.length === 0 ? "" : `.after(${call.after.join(", ")})`;
  return `${call.callable.name}({ ${given.join(", ")} }${options === undefined ? "" : `, ${options}`})${after}`;
}

function optionsText(options: Options): string | undefined {
  const { secret, pvc, timeout, retry, ...rest } = options;
  const all: string[] = Object.entries(rest).map(([name, value]) => `${name}: ${literal(value as Json)}`);
  if (retry !== undefined) all.push(`retry: ${typeof retry === "number" ? retry : `{ count: ${retry.count}, backoff: "${retry.backoff}s", factor: ${retry.factor}, maxBackoff: "${retry.maxBackoff}s" }`}`);
  if (timeout !== undefined) all.push(`timeout: ${timeout}`);
  if (secret !== undefined) all.push(`secrets: { ${secret.env}: secret("${secret.name}", "${secret.key}") }`);
  if (pvc !== undefined) all.push(`volumes: [{ pvc: "${pvc.name}", mountPath: "${pvc.path}" }]`);
  return all.length === 0 ? undefined : `{ ${all.join(", ")} }`;
}

function branchLines(branch: Extract<Statement, { kind: "if" }>): string[] {
  const declared = branch.selects.map((select) => `let ${select.name}: ${select.type}${select.optional === true ? " | undefined" : ""};`);
  const [first, second] = branch.arms;
  const [select] = branch.selects;
  if (branch.style === "ternary" && select !== undefined && first?.condition !== undefined && second !== undefined) {
    const arm = (index: number): string => {
      const call = branch.arms[index]?.body[0] as Call;
      const value = select.values[index] as Extract<Value, { kind: "output" }>;
      return value.output === "Output" ? callText(call) : `${callText(call)}.${value.output}`;
    };
    return [`const ${select.name} = ${conditionText(first.condition)} ? ${arm(0)} : ${arm(1)};`];
  }
  const body = (index: number): string[] => [
    ...(branch.arms[index]?.body ?? []).flatMap(statementLines),
    ...branch.selects.flatMap((each) => (each.values[index] === undefined ? [] : [`${each.name} = ${valueText(each.values[index])};`])),
  ];
  if (branch.style === "switch" && first?.condition?.kind === "comparison") {
    const cases = branch.arms.flatMap((arm, index) => {
      const head = arm.condition?.kind === "comparison" ? `case ${valueText(arm.condition.right)}: {` : "default: {";
      return [head, ...indent([...body(index), "break;"]), "}"];
    });
    return [...declared, `switch (${valueText(first.condition.left)}) {`, ...indent(cases), "}"];
  }
  const lines = branch.arms.flatMap((arm, index) => {
    const test = arm.condition === undefined ? "" : `if (${conditionText(arm.condition)}) `;
    return [`${index === 0 ? "" : "} else "}${test}{`, ...indent(body(index))];
  });
  return [...declared, ...lines, "}"];
}

function loopLines(loop: Extract<Statement, { kind: "for" }>): string[] {
  const items = loop.limit === undefined ? valueText(loop.items) : `limit(${valueText(loop.items)}, ${loop.limit})`;
  const body = indent(loop.body.flatMap(statementLines));
  if (loop.style !== "map") {
    return [
      ...loop.collected.map((each) => `const ${each.name}: ${each.type} = [];`),
      `for (const ${loop.item} of ${items}) {`,
      ...body,
      ...loop.collected.map((each) => `  ${each.name}.push(${each.isNested ? "..." : ""}${valueText(each.from)});`),
      "}",
    ];
  }
  const [only] = loop.collected;
  if (only === undefined) return [`${items}.forEach((${loop.item}) => {`, ...body, "});"];
  if (loop.collected.length === 1) return [`const ${only.name} = ${items}.${only.isNested ? "flatMap" : "map"}((${loop.item}) => {`, ...body, `  return ${valueText(only.from)};`, "});"];
  const all = `${loop.item}All`;
  return [
    `const ${all} = ${items}.map((${loop.item}) => {`,
    ...body,
    `  return { ${loop.collected.map((each) => `${each.name}: ${valueText(each.from)}`).join(", ")} };`,
    "});",
    ...loop.collected.map((each) => `const ${each.name} = ${all}.${each.isNested ? "flatMap" : "map"}((one) => one.${each.name});`),
  ];
}

export function valueText(value: Value): string {
  switch (value.kind) {
    case "constant":
      return constantText(value.type, value.value);
    case "name":
      return value.name;
    case "output":
      return value.output === "Output" ? value.task : `${value.task}.${value.output}`;
    case "field":
      return `${value.item}.${value.field}`;
    case "template":
      return `\`${value.parts.map((part) => (typeof part === "string" ? part : `\${${valueText(part)}}`)).join("")}\``;
    case "binary":
      return `(${valueText(value.left)} ${value.operator} ${valueText(value.right)})`;
    case "choice":
      return `(${conditionText(value.condition)} ? ${valueText(value.yes)} : ${valueText(value.no)})`;
    case "coalesce":
      return `(${valueText(value.value)} ?? ${valueText(value.fallback)})`;
    case "element":
      return `(${valueText(value.list)}[${value.index}] ?? ${valueText(value.fallback)})`;
    case "length":
      return `${valueText(value.list)}.length`;
  }
}

export function conditionText(condition: Condition): string {
  switch (condition.kind) {
    case "comparison":
      return `${valueText(condition.left)} ${condition.operator} ${valueText(condition.right)}`;
    case "and":
      return `(${conditionText(condition.left)} && ${conditionText(condition.right)})`;
    case "or":
      return `(${conditionText(condition.left)} || ${conditionText(condition.right)})`;
    case "not":
      return `!(${conditionText(condition.of)})`;
    case "truth":
      return valueText(condition.value);
    case "includes":
      return `${valueText(condition.list)}.includes(${valueText(condition.value)})`;
    case "startsWith":
      return `${valueText(condition.text)}.startsWith(${JSON.stringify(condition.prefix)})`;
  }
}

function constantText(type: Type, value: Json): string {
  return type === "Int[]" ? `(${literal(value)} as Int[])` : Array.isArray(value) && value.length === 0 ? `([] as ${type})` : literal(value);
}

function literal(value: Json): string {
  return JSON.stringify(value);
}

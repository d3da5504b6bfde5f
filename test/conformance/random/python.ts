/** Random pipelines as Python for KFP's SDK. */
import type { Json } from "../../../compiler/ir/types.ts";
import { pipelineId } from "./names.ts";
import { elementOf, isArtifact, type Call, type Condition, type Op, type Options, type Pipeline, type Port, type Program, type Statement, type Type, type Value } from "./ast.ts";

/** Functions are named as Python does it, so that KFP makes the same keys of them. */
export function functionName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

const types: Record<Type, string> = {
  string: "str",
  Int: "int",
  number: "float",
  boolean: "bool",
  "string[]": "List[str]",
  "Int[]": "List[int]",
  "number[]": "List[float]",
  Plan: "Dict[str, str]",
  "Plan[]": "List[Dict[str, str]]",
  Group: "dict",
  "Group[]": "List[dict]",
  Dataset: "dsl.Dataset",
  Model: "dsl.Model",
  "Dataset[]": "List[dsl.Dataset]",
  "Model[]": "List[dsl.Model]",
};

export function printPython(program: Program): string {
  return [
    "from typing import Dict, List, NamedTuple, Optional",
    "from kfp import dsl, kubernetes",
    `@dsl.component(base_image="ghcr.io/acme/ops:1.0")\ndef leave(text: str, status: dsl.PipelineTaskFinalStatus):\n    print(text)`,
    ...program.ops.map(opText),
    ...program.pipelines.map(pipelineText),
    "",
  ].join("\n\n");
}

function inputText(port: Port): string {
  const type = isArtifact(port.type) ? `dsl.Input[${types[port.type]}]` : types[port.type];
  if (port.optional !== true) return `${port.name}: ${type}`;
  return port.default === undefined ? `${port.name}: Optional[${type}] = None` : `${port.name}: ${type} = ${literal(port.type, port.default)}`;
}

function opText(op: Op): string {
  const required = op.inputs.filter((port) => port.optional !== true).map(inputText);
  const optional = op.inputs.filter((port) => port.optional === true).map(inputText);
  if (op.single) return `@dsl.component(base_image="ghcr.io/acme/ops:1.0")\ndef ${functionName(op.name)}(${[...required, ...optional].join(", ")}) -> ${types[op.outputs[0]?.type as Type]}:\n    return None`;
  const outputs = op.outputs.map((port) => (isArtifact(port.type) ? `${port.name}: dsl.Output[${types[port.type]}]` : `${port.name}: dsl.OutputPath(${types[port.type]})`));
  return `@dsl.container_component\ndef ${functionName(op.name)}(${[...required, ...outputs, ...optional].join(", ")}):\n    return dsl.ContainerSpec(image="ghcr.io/acme/ops:1.0", command=["ops"])`;
}

function pipelineText(pipeline: Pipeline): string {
  const inputs = [...pipeline.inputs.filter((port) => port.optional !== true), ...pipeline.inputs.filter((port) => port.optional === true)].map(inputText);
  const tuple = `NamedTuple("Outputs", ${pipeline.outputs.map((port) => `${port.name}=${types[port.type]}`).join(", ")})`;
  const collected = new Map<string, Value>();
  const lines = pipeline.body.flatMap((statement) => statementLines(statement, collected));
  if (pipeline.outputs.length > 0) lines.push(`outputs = ${tuple}`, `return outputs(${pipeline.outputs.map((port, index) => `${port.name}=${valueText(pipeline.results[index] as Value, collected)}`).join(", ")})`);
  const name = functionName(pipeline.name);
  const definition = [`@dsl.pipeline(name="${pipelineId(pipeline.name)}")`, `def ${name}(${inputs.join(", ")})${pipeline.outputs.length === 0 ? "" : ` -> ${tuple}`}:`, ...indent(lines)];
  // The SDK compiles at the definition: one that it refuses must not hide the others.
  return ["try:", ...indent(definition), "except Exception as error:", `    ${name} = error`].join("\n");
}

function indent(lines: string[]): string[] {
  return lines.length === 0 ? ["    pass"] : lines.map((line) => `    ${line}`);
}

/** @param collected what a list of results is collected from, by its name */
function statementLines(statement: Statement, collected: Map<string, Value>): string[] {
  const inner = (body: Statement[]): string[] => indent(body.flatMap((each) => statementLines(each, collected)));
  switch (statement.kind) {
    case "call":
      return callLines(statement, collected);
    case "if":
      return [
        ...statement.arms.flatMap((arm, index) => {
          const head = arm.condition === undefined ? "dsl.Else()" : `${index === 0 ? "dsl.If" : "dsl.Elif"}(${conditionText(arm.condition, collected)})`;
          return [`with ${head}:`, ...inner(arm.body)];
        }),
        ...statement.selects.map((select) => `${select.name} = dsl.OneOf(${select.values.map((value) => valueText(value, collected)).join(", ")})`),
      ];
    case "for": {
      const items = statement.items.kind === "constant" ? literal(statement.items.type, statement.items.value) : valueText(statement.items, collected);
      const lines = [`with dsl.ParallelFor(${items}${statement.limit === undefined ? "" : `, parallelism=${statement.limit}`}) as ${statement.item}:`, ...inner(statement.body)];
      for (const each of statement.collected) {
        const known = each.from.kind === "name" ? collected.get(each.from.name) : undefined;
        collected.set(each.name, known ?? each.from);
      }
      return lines;
    }
    case "try":
      return [`exit_${statement.exit.variable} = leave(text=${valueText(statement.exit.arguments["text"] as Value, collected)})`, `with dsl.ExitHandler(exit_${statement.exit.variable}):`, ...inner(statement.body)];
  }
}

function callLines(call: Call, collected: Map<string, Value>): string[] {
  const given = Object.entries(call.arguments).map(([name, value]) => `${name}=${valueText(value, collected)}`);
  const after = call.after.length === 0 ? "" : `.after(${call.after.join(", ")})`;
  return [`${call.variable} = ${functionName(call.callable.name)}(${given.join(", ")})${after}`, ...optionLines(call.variable, call.options)];
}

function optionLines(task: string, options: Options): string[] {
  const lines: string[] = [];
  const text = JSON.stringify;
  if (options.cache === false) lines.push(`${task}.set_caching_options(False)`);
  const { retry } = options;
  if (typeof retry === "number") lines.push(`${task}.set_retry(${retry})`);
  else if (retry !== undefined) lines.push(`${task}.set_retry(${retry.count}, backoff_duration="${retry.backoff}s", backoff_factor=${retry.factor}, backoff_max_duration="${retry.maxBackoff}s")`);
  if (options.cpu !== undefined) lines.push(`${task}.set_cpu_request(${text(options.cpu.request)}).set_cpu_limit(${text(options.cpu.limit)})`);
  if (options.memory !== undefined) lines.push(`${task}.set_memory_limit(${text(options.memory.limit)})`);
  if (options.gpu !== undefined) lines.push(`${task}.set_accelerator_type("nvidia.com/gpu").set_accelerator_limit(${options.gpu})`);
  for (const [name, value] of Object.entries(options.env ?? {})) lines.push(`${task}.set_env_variable(${text(name)}, ${text(value)})`);
  if (options.displayName !== undefined) lines.push(`${task}.set_display_name(${text(options.displayName)})`);
  for (const [name, value] of Object.entries(options.nodeSelector ?? {})) lines.push(`kubernetes.add_node_selector(${task}, ${text(name)}, ${text(value)})`);
  for (const [name, value] of Object.entries(options.labels ?? {})) lines.push(`kubernetes.add_pod_label(${task}, ${text(name)}, ${text(value)})`);
  for (const [name, value] of Object.entries(options.annotations ?? {})) lines.push(`kubernetes.add_pod_annotation(${task}, ${text(name)}, ${text(value)})`);
  if (options.imagePullPolicy !== undefined) lines.push(`kubernetes.set_image_pull_policy(${task}, ${text(options.imagePullPolicy)})`);
  if (options.timeout !== undefined) lines.push(`kubernetes.set_timeout(${task}, ${options.timeout})`);
  if (options.secret !== undefined) lines.push(`kubernetes.use_secret_as_env(${task}, ${text(options.secret.name)}, {${text(options.secret.key)}: ${text(options.secret.env)}})`);
  if (options.pvc !== undefined) lines.push(`kubernetes.mount_pvc(${task}, ${text(options.pvc.name)}, ${text(options.pvc.path)})`);
  return lines;
}

function valueText(value: Value, collected: Map<string, Value>): string {
  switch (value.kind) {
    case "constant":
      return literal(value.type, value.value);
    case "name": {
      const from = collected.get(value.name);
      return from === undefined ? value.name : `dsl.Collected(${valueText(from, collected)})`;
    }
    case "output":
      return `${value.task}.outputs["${value.output}"]`;
    case "field":
      return `${value.item}.${value.field}`;
    case "template": {
      const parts = value.parts.map((part) => (typeof part === "string" ? part : `{${valueText(part, collected).replaceAll('"', "'")}}`));
      return `f"${parts.join("")}"`;
    }
    case "binary":
    case "choice":
    case "coalesce":
    case "element":
    case "length":
      throw new Error(`the SDK has no ${value.kind}`);
  }
}

function conditionText(condition: Condition, collected: Map<string, Value>): string {
  if (condition.kind !== "comparison") throw new Error(`the SDK has no ${condition.kind}`);
  const operator = condition.operator.replace("===", "==").replace("!==", "!=");
  return `${valueText(condition.left, collected)} ${operator} ${valueText(condition.right, collected)}`;
}

function literal(type: Type, value: Json): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return type === "number" && Number.isInteger(value) ? `${value}.0` : `${value}`;
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((each) => literal(elementOf(type) ?? "string", each)).join(", ")}]`;
  const fields: Record<string, Type> = { depth: "Int", rate: "number" };
  return `{${Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${literal(fields[name] ?? "string", each)}`).join(", ")}}`;
}

/** `hmc plan --to`: what a delivery would change. Nothing is written. */
import { compareTools } from "./compare-tools.ts";
import { canCompare, compareSides, openCompiledText, openSide } from "../compare.ts";
import { deployedVersion } from "../deploy/kfp/deployed.ts";
import { find, type Found } from "../deploy/kfp/found.ts";
import { describeStep, planDelivery, type Step } from "../deploy/kfp/plan.ts";
import type { Diff } from "../diff/change.ts";
import { diffMarkdown } from "../diff/print/markdown.ts";
import { diffText } from "../diff/print/text.ts";
import { diffJson } from "../diff/print/json.ts";
import type { Host } from "../host.ts";
import { planOnArgo } from "./argo-deliveries.ts";
import { compiledDelivery, wantedOnKfp, type DeliveryFlags } from "./delivery.ts";
import { exitCodes } from "./exit-codes.ts";
import { withKfp } from "./kfp-server.ts";
import { reportDiagnostics } from "./report.ts";
import { sourceFile } from "./source-file.ts";
import { stepLine } from "./deploy-command.ts";
import { openTarget, type TargetFlags } from "./target-options.ts";
import type { Terminal } from "./terminal.ts";

export interface TargetPlanFlags extends TargetFlags, DeliveryFlags {
  format: "text" | "markdown" | "json";
  /** End with 1 where something would change. */
  exitCode?: boolean;
}

/** Says what `hmc deploy` would do, and what that changes in the pipeline. */
export async function targetPlan(host: Host, terminal: Terminal, given: string, flags: TargetPlanFlags): Promise<number> {
  const opened = openTarget(host, terminal, flags);
  if (opened === undefined) return exitCodes.failure;
  const { target } = opened;
  if (target.kind === "argo") return planOnArgo(host, terminal, given, opened, flags);
  const compiled = await compiledDelivery(host, terminal, given, target, flags, "schedule");
  if (compiled === undefined) return exitCodes.failure;
  const wanted = wantedOnKfp(compiled, target);
  const found = await withKfp(host, terminal, opened, (client) => find(client, wanted));
  if (found === undefined) return exitCodes.failure;
  const steps = planDelivery(wanted, found);
  const diff = await changes(host, terminal, given, target.name, compiled.pipeline.id, found);
  terminal.out(printed(terminal, flags.format, target.name, compiled.pipeline.id, steps, found, diff));
  return flags.exitCode === true && steps.length > 0 ? exitCodes.failure : exitCodes.success;
}

/** From what runs, or is newest, to the source; undefined where there is nothing to compare with. */
async function changes(host: Host, terminal: Terminal, given: string, target: string, pipeline: string, found: Found): Promise<Diff | undefined> {
  const deployed = deployedVersion(found);
  if (deployed === undefined) return undefined;
  const tools = compareTools(host);
  const before = openCompiledText(deployed.yaml, `${target}.yaml`, `${target}: ${deployed.version.display_name}`, host.cwd());
  const after = await openSide(host, sourceFile(host, given), given, tools);
  if (!canCompare(before) || !canCompare(after)) return undefined;
  const only = { ...after, programs: after.programs.map((program) => ({ ...program, document: { ...program.document, exported: program.document.exported.filter((id) => id === pipeline) } })) };
  const diff = await compareSides(before, only, tools);
  if (!("findings" in diff)) return diff;
  reportDiagnostics(host, terminal, diff.findings, "frame", "err");
  return undefined;
}

function printed(terminal: Terminal, format: TargetPlanFlags["format"], target: string, pipeline: string, steps: Step[], found: Found, diff: Diff | undefined): string {
  const others = found.others.map(({ display_name }) => display_name ?? "");
  if (format === "json") {
    const plan = { target, pipeline, steps: steps.map((step) => ({ kind: step.kind, name: step.name })), others, ...(diff === undefined ? {} : { diff: JSON.parse(diffJson(diff)) as unknown }) };
    return `${JSON.stringify(plan, undefined, 2)}\n`;
  }
  const left = others.length === 0 ? "" : `Left alone, because hmc did not make them: ${others.map((name) => `"${name}"`).join(", ")}`;
  if (format === "markdown") {
    const lines = steps.map((step) => `- ${{ create: "**new**", change: "**change**", delete: "**delete**" }[describeStep(step).action]} ${describeStep(step).text}`);
    return [`### ${pipeline} → ${target}`, "", ...(lines.length === 0 ? ["Nothing to do."] : lines), ...(left === "" ? [] : ["", left]), "", ...(diff === undefined ? [] : [diffMarkdown(diff)])].join("\n");
  }
  const { outColors } = terminal;
  const lines = steps.length === 0 ? ["  Nothing to do."] : steps.map((step) => stepLine(step, { ...terminal, errColors: outColors }));
  const head = `${outColors.bold(pipeline)} → ${outColors.bold(target)}\n${lines.join("\n")}\n${left === "" ? "" : `${outColors.dim(`  ${left}`)}\n`}`;
  if (diff === undefined) return head;
  return `${head}\n${diffText(diff, terminal.width, { added: outColors.green, removed: outColors.red, changed: outColors.yellow, title: outColors.bold, quiet: outColors.dim })}`;
}

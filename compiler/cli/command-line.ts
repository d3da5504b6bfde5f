/** The commands of hmc and their options. What a command does is loaded only when it runs. */
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from "commander";
import type { Host } from "../host.ts";
import { argoVersions, newestArgoVersion } from "../targets/argo/versions.ts";
import { defaultBase } from "../../runtime/image/dockerfile.ts";
import { declareDeployCommands, deliveryOptions, targetOptions } from "./deploy-commands.ts";
import { exitCodes } from "./exit-codes.ts";
import { defaultFile } from "./project.ts";
import type { Terminal } from "./terminal.ts";
import { version } from "../version.ts";

const examples = (...lines: [command: string, meaning: string][]) => {
  const width = Math.max(...lines.map(([command]) => command.length));
  return `\nExamples:\n${lines.map(([command, meaning]) => `  ${command.padEnd(width)}  ${meaning}`).join("\n")}\n`;
};

const file = () => new Argument("[file]", "the TypeScript file that exports the pipeline").default(defaultFile);

/** `[file] name`: the file may be left out, and is known by its ending or folder. */
function fileAndName(given: string[]): { source: string; name: string | undefined; surplus: string | undefined } {
  const [first] = given;
  const hasFile = first !== undefined && (given.length > 1 || /\.[cm]?[jt]sx?$|[\\/]/.test(first));
  const [name, surplus] = hasFile ? given.slice(1) : given;
  return { source: hasFile ? first : defaultFile, name, surplus };
}

/** Ends the command as commander does for such arguments. */
function wrongArguments(code: "missingArgument" | "excessArguments", name: string): never {
  throw new CommanderError(exitCodes.failure, `commander.${code}`, `error: '${name}'`);
}
const pipelineOption = () => new Option("--pipeline <name>", "the pipeline, if the file exports several");
const reportFormat = () => new Option("--format <format>", "how diagnostics are written").choices(["frame", "json", "sarif", "gitlab"]).default("frame");
const execOption = () => new Option("--exec <where>", "where foreign containers run: in their image, or as commands of this machine").choices(["container", "host"]);
const storeOption = () => new Option("--store <uri>", "share artifacts and results with other machines: s3://bucket/prefix, gs://bucket/prefix or a folder (default: HMC_STORE)");
const collect = (value: string, before: string[] = []) => [...before, value];

/** A whole number of at least zero. */
function count(value: string): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(number)) throw new InvalidArgumentError("it is not a whole number");
  return number;
}

/** A time such as `30d`, in milliseconds. */
function age(value: string): number {
  const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
  const [, number, unit = ""] = /^(\d+)([smhdw])$/.exec(value) ?? [];
  const seconds = units[unit];
  if (number === undefined || seconds === undefined) throw new InvalidArgumentError("it is no time such as 12h or 30d");
  return Number(number) * seconds * 1000;
}

/**
 * Runs the command that the arguments name.
 *
 * @returns the exit code; what is wrong with the arguments themselves is thrown as a `CommanderError`
 */
export async function commandLine(host: Host, terminal: Terminal, args: string[]): Promise<number> {
  let exitCode: number = exitCodes.success;
  const program = new Command("hmc")
    .description("Compiles ML pipelines written in TypeScript to Kubeflow Pipelines and Argo Workflows.")
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: () => undefined, getOutHelpWidth: () => Math.min(terminal.width, 110) })
    .addHelpText("after", examples(
      ["hmc compile pipeline.ts", "write pipeline.yaml for Kubeflow Pipelines"],
      ["hmc run pipeline.ts -p depth=4", "run the pipeline on this machine"],
      ["hmc graph pipeline.ts", "draw its tasks"],
      ["hmc check src/*.ts", "find mistakes, without writing anything"],
    ));

  const command = (name: string, summary: string) =>
    program.command(name).summary(summary).description(`${summary[0]?.toUpperCase() ?? ""}${summary.slice(1)}.`).helpOption("-h, --help", "print this help");

  command("compile", "compile a pipeline to a file of a target")
    .addArgument(file())
    .addOption(new Option("--target <target>", "kfp: Kubeflow Pipelines v2 YAML; argo: Argo Workflows YAML; ir: hmc's own representation as JSON").choices(["kfp", "argo", "ir"]).default("kfp"))
    .option("-o, --output <file>", 'where to write; "-" is standard output (default: beside the source, x.ts → x.yaml for kfp and x.argo.yaml for argo; standard output for ir)')
    .addOption(pipelineOption())
    .option("--watch", "compile again whenever a source changes")
    .option("--stats", "print how long each stage took")
    .addOption(new Option("--kfp-shape <shape>", "real: what works on the real back end; sdk: what the Python SDK emits").choices(["real", "sdk"]).default("real"))
    .addOption(new Option("--kind <kind>", "what is made for Argo: workflow, one run; template, a WorkflowTemplate; cron, one with its schedule (default: by the pipeline's schedule)").choices(["workflow", "template", "cron"]))
    .addOption(new Option("--artifact-repository <kind>", "the store behind Argo's artifact repository (default: s3)").choices(["s3", "gcs", "azure", "oss"]))
    .option("--target-version <version>", "the version of the target (default: 2.17 of KFP, 4.0 of Argo)")
    .option("--entrypoint <command>", 'what starts ops in their image, e.g. "node /app/main.mjs"')
    .option("--image <image>", "the image of every op that names none")
    .option("--inline", "carry the code of ops in the file: their image needs nothing but Node")
    .addOption(new Option("--format <format>", "how diagnostics are written; k8s: write resources of Kubernetes, for a repository that a cluster follows").choices(["frame", "json", "sarif", "gitlab", "k8s"]).default("frame"))
    .addHelpText("after", examples(
      ["hmc compile pipeline.ts", "write pipeline.yaml beside the source"],
      ["hmc compile pipeline.ts -o - | less", "print it"],
      ["hmc compile pipelines.ts --pipeline train", "one of several pipelines"],
      ["hmc compile pipeline.ts --target argo", "write pipeline.argo.yaml for Argo Workflows"],
      ["hmc compile pipeline.ts --inline", "no image to build: the code of ops is in the file"],
      ["hmc compile pipeline.ts --format k8s", "Pipeline and PipelineVersion of Kubernetes, for GitOps"],
      ["hmc compile pipeline.ts --target ir", "print the intermediate representation"],
      ["hmc compile pipeline.ts --watch", "keep the output up to date"],
    ))
    .action(async (source: string, options) => {
      exitCode = await (await import("./compile-command.ts")).compileCommand(host, terminal, source, options);
    });

  command("check", "find mistakes in pipelines, ops and Argo YAML, without writing anything")
    .addArgument(new Argument("[files...]", "TypeScript files, or YAML of Argo Workflows").default([defaultFile], defaultFile))
    .addOption(reportFormat())
    .addOption(new Option("--target-version <version>", `the version of Argo that YAML files are for (default: ${newestArgoVersion})`).choices([...argoVersions]))
    .option("--max-warnings <n>", "fail if there are more warnings than that", count)
    .addHelpText("after", examples(
      ["hmc check pipeline.ts", "one file and what it imports"],
      ["hmc check src/*.ts --max-warnings 0", "fail on any warning"],
      ["hmc check workflow.yaml templates.yaml", "workflows of Argo, together with the templates that they call"],
      ["hmc check src/*.ts --format gitlab > codequality.json", "a report for GitLab; also sarif and json"],
    ))
    .action(async (files: string[], options) => {
      exitCode = await (await import("./check-command.ts")).checkCommand(host, terminal, files, options);
    });

  targetOptions(deliveryOptions(command("run", "run a pipeline on this machine, or with --on on a target")), "on")
    .argument("[file]", `the TypeScript file that exports the pipeline (default: ${defaultFile}, or that of the run that goes on)`)
    .option("-p, --parameter <name=value>", "a parameter of the run; may be repeated", collect)
    .addOption(pipelineOption())
    .option("-j, --jobs <n>", "how many tasks run at once (default: the number of cores)")
    .addOption(execOption())
    .option("--resume <run>", 'go on with a run that failed, was stopped or was killed: its id, the beginning of one, or "last"')
    .addOption(new Option("--from <task>", "run this task and all that need it anew, with the other results of an earlier run (default: the last)").conflicts("only"))
    .option("--only <task>", "run this task alone, with the results of an earlier run (default: the last)")
    .option("--fail-fast", "end the run with the first failure that nothing catches")
    .addOption(storeOption())
    .option("--no-cache", "run every task, also where an equal one has run before")
    .option("--json", "print what happens as JSON, one event a line; the last has the outputs")
    .option("--wait", "with --on: wait for the end, and end with 1 if it failed")
    .option("--key <text>", "with --on, on Argo: the same key is the same run, however often it is started")
    .option("--pipeline-version <name>", "with --on: a version that is there, in place of the source")
    .addHelpText("after", examples(
      ["hmc run pipeline.ts", "with the defaults of its parameters"],
      ["hmc run pipeline.ts -p depth=4 -p threshold=0.8", "with others"],
      ["hmc run --resume last", "go on where the last run stopped"],
      ["hmc run --from train", "train anew, and what needs it; keep the rest of the last run"],
      ["hmc run --on prod -p depth=4 --wait", "one run on a target of hmc.yaml"],
    ))
    .action(async (source: string | undefined, options) => {
      if (options.on !== undefined || options.host !== undefined) exitCode = await (await import("./target-runs.ts")).targetRun(host, terminal, source ?? defaultFile, options);
      else exitCode = await (await import("./run.ts")).runCommand(host, terminal, source, options);
    });

  targetOptions(deliveryOptions(command("plan", "say what a run would take from the cache, or with --to what hmc deploy would change")), "to")
    .addArgument(file())
    .option("-p, --parameter <name=value>", "a parameter of the run; may be repeated", collect)
    .addOption(pipelineOption())
    .addOption(execOption())
    .addOption(storeOption())
    .option("--json", "print the forecast as one JSON object")
    .addOption(new Option("--format <format>", "with --to: how to write the changes; markdown is for merge requests").choices(["text", "markdown", "json"]).default("text"))
    .option("--exit-code", "with --to: end with 1 if something would change")
    .addHelpText("after", examples(
      ["hmc plan pipeline.ts -p depth=4", "hit: from the cache; miss: it runs; unknown: it depends on one that runs"],
      ["hmc plan pipeline.ts --to prod", "what hmc deploy would do, and what that changes in the graph"],
    ))
    .action(async (source: string, options) => {
      if (options.to !== undefined || options.host !== undefined) exitCode = await (await import("./target-plan.ts")).targetPlan(host, terminal, source, options);
      else exitCode = await (await import("./plan-command.ts")).planCommand(host, terminal, source, options);
    });

  const runArgument = () => new Argument("[run]", 'its id, the beginning of one, or "last"').default("last");

  targetOptions(command("runs", "list the runs on this machine, or with --on on a target, the latest first"), "on")
    .option("-n, --limit <n>", "how many", count, 20)
    .option("--json", "print them as JSON")
    .addHelpText("after", examples(["hmc runs -n 5", "the last five: state, time, how many tasks ended how"]))
    .action(async (options) => {
      if (options.on !== undefined || options.host !== undefined) exitCode = await (await import("./target-runs.ts")).targetRuns(host, terminal, options);
      else exitCode = (await import("./runs-command.ts")).runsCommand(host, terminal, options);
    });

  declareDeployCommands({ host, terminal, command, file, pipelineOption, examples, collect, count, done: (code) => void (exitCode = code) });

  targetOptions(command("logs", "print what the tasks of a run have printed"), "on")
    .addArgument(runArgument())
    .argument("[task]", "a task by its key, such as train or for-1/0/train; without numbers, of all iterations (default: all)")
    .option("-f, --follow", "go on until the task, or the run, has ended")
    .addHelpText("after", examples(["hmc logs last train", "one task"], ["hmc logs last -f", "all tasks of the run in progress, as they print"], ["hmc logs nightly-13f7481345b4 --on cluster -f", "a run on a target"]))
    .action(async (run: string, task: string | undefined, options) => {
      if (options.on !== undefined || options.host !== undefined) exitCode = await (await import("./target-logs.ts")).targetLogs(host, terminal, run, task, options);
      else exitCode = await (await import("./logs-command.ts")).logsCommand(host, terminal, run, task, options);
    });

  command("artifacts", "list the artifacts of a run, or copy them out")
    .addArgument(runArgument())
    .argument("[task]", "only those of this task")
    .option("-o, --output <folder>", "copy them to <folder>/<task>/<name>")
    .option("--json", "print them as JSON, with metadata")
    .addHelpText("after", examples(["hmc artifacts last train", "name, size, SHA-256 and path"], ["hmc artifacts last train -o out", "copy them to out/train"]))
    .action(async (run: string, task: string | undefined, options) => {
      exitCode = (await import("./artifacts-command.ts")).artifactsCommand(host, terminal, run, task, options);
    });

  command("cache", "clean up what runs have kept")
    .usage("[options] gc")
    .addArgument(new Argument("<action>", "gc: remove what no run and no result of the cache needs").choices(["gc"]))
    .addOption(new Option("--older-than <time>", "remove results that were not used for so long, such as 12h or 30d").argParser(age).default(age("30d"), "30d"))
    .option("--keep-runs <n>", "keep only so many of the latest runs (default: all)", count)
    .option("--dry-run", "only say what would be removed")
    .addHelpText("after", examples(
      ["hmc cache gc", "results that were not used for 30 days, and artifacts that nothing needs"],
      ["hmc cache gc --keep-runs 20", "also all runs but the last 20"],
    ))
    .action(async (_action: string, options) => {
      exitCode = (await import("./cache-command.ts")).cacheCommand(host, terminal, options);
    });

  command("op", "run one op alone on this machine")
    .usage("[options] [file] <op>")
    .argument("[names...]", `the TypeScript file (default: ${defaultFile}), and the name of the op`)
    .option("-p, --parameter <name=value>", "an input; a path for an artifact; may be repeated", collect)
    .option("--input-json <file>", "a JSON file with the inputs by name")
    .addOption(execOption())
    .option("--json", "print what happens as JSON, one event a line; the last has the outputs")
    .addHelpText("after", examples(["hmc op pipeline.ts train -p data=train.csv -p depth=4", "run the code of the op with these inputs"]))
    .action(async (names: string[], options) => {
      const { source, name, surplus } = fileAndName(names);
      if (name === undefined) wrongArguments("missingArgument", "op");
      if (surplus !== undefined) wrongArguments("excessArguments", surplus);
      exitCode = await (await import("./op.ts")).opCommand(host, terminal, source, name, options);
    });

  command("list", "list the pipelines and ops of a file, with their types")
    .addArgument(file())
    .addOption(new Option("--format <format>", "how to write the list").choices(["text", "json"]).default("text"))
    .addHelpText("after", examples(["hmc list pipeline.ts", "what the file exports and uses"]))
    .action(async (source: string, options) => {
      exitCode = await (await import("./list-command.ts")).listCommand(host, terminal, source, options);
    });

  targetOptions(command("explain", "explain what a pipeline or a task will do, and where each option comes from"), "on")
    .usage("[options] [file] [task] | <run> | <code>")
    .argument("[names...]", `the TypeScript file (default: ${defaultFile}), and a task; without a task, the pipeline and its schedule. Or a run, or a code such as HMC3001`)
    .addOption(pipelineOption())
    .addHelpText("after", examples(
      ["hmc explain pipeline.ts", "schedule with its next fires, parameters, tasks"],
      ["hmc explain pipeline.ts train", "options and inputs of one task"],
      ["hmc explain last", "the last run: which line failed, with its inputs and its log"],
      ["hmc explain pipeline.ts --on prod", "the pipeline, and every value of the target with where it is set"],
      ["hmc explain 5b9c1d4e-… --on prod", "a run on a target: which line failed, and why"],
      ["hmc explain HMC3020", "the page of a code: why it is reported, and how to mend it"],
    ))
    .action(async (names: string[], options) => {
      const { source, name, surplus } = fileAndName(names);
      if (surplus !== undefined) wrongArguments("excessArguments", surplus);
      if (options.on !== undefined || options.host !== undefined) {
        exitCode = await (await import("./explain-target.ts")).explainTarget(host, terminal, source, name, options);
        return;
      }
      const { isCode, explainCode } = await import("./explain-code.ts");
      const { explainRun, namesRun } = await import("./explain-run.ts");
      if (name !== undefined && names.length === 1 && isCode(name)) exitCode = explainCode(host, terminal, name);
      else if (name !== undefined && names.length === 1 && namesRun(name)) exitCode = explainRun(host, terminal, name);
      else exitCode = await (await import("./explain-command.ts")).explainCommand(host, terminal, source, name, options);
    });

  command("graph", "draw the tasks of a pipeline")
    .addArgument(file())
    .addOption(new Option("--format <format>", "how to draw").choices(["text", "mermaid", "dot", "svg", "json"]).default("text"))
    .option("-o, --output <file>", "where to write (default: standard output)")
    .addOption(pipelineOption())
    .addHelpText("after", examples(
      ["hmc graph pipeline.ts", "a picture for the terminal"],
      ["hmc graph pipeline.ts --format mermaid -o graph.mmd", "for Markdown pages of GitLab and GitHub"],
      ["hmc graph pipeline.ts --format svg -o graph.svg", "for pages and tickets, in light and dark"],
      ["hmc graph pipeline.ts --format dot | dot -Tpdf -o graph.pdf", "for Graphviz"],
    ))
    .action(async (source: string, options) => {
      exitCode = await (await import("./graph-command.ts")).graphCommand(host, terminal, source, options);
    });

  command("diff", "say what has changed between two files, folders or git revisions")
    .argument("[before]", `a file, a folder, a revision or revision:path, or @target for what is deployed there (default: HEAD, if after is left out and it names no revision)`)
    .argument("[after]", "the same (default: the file of before, as it lies in the work tree)")
    .addOption(new Option("--format <format>", "how to write the changes; markdown is for merge requests").choices(["text", "markdown", "json"]).default("text"))
    .option("-o, --output <file>", "where to write (default: standard output)")
    .option("--exit-code", "end with 1 if there are changes, with 0 if there are none, and with 2 if the sides cannot be compared")
    .addHelpText("after", examples(
      ["hmc diff", "pipeline.ts since the last commit"],
      ["hmc diff main", "pipeline.ts, compared with that of main"],
      ["hmc diff main:pipelines/train.ts pipelines/train.ts", "a file of another branch with that of the work tree"],
      ["hmc diff HEAD~1 HEAD --format markdown", "the last commit, for a merge request"],
      ["hmc diff old.yaml pipeline.ts", "a compiled file with the sources"],
      ["hmc diff @prod", "what is deployed on a target of hmc.yaml, compared with pipeline.ts"],
      ["hmc diff main: . --exit-code", "all pipelines of the repository"],
    ))
    .action(async (before: string | undefined, after: string | undefined, options) => {
      exitCode = await (await import("./diff-command.ts")).diffCommand(host, terminal, before, after, options);
    });

  command("simulate", "run a workflow as Argo's controller would, with stubbed pods")
    .argument("[files...]", `a pipeline, or YAML of Argo with the templates that it calls (default: ${defaultFile})`)
    .option("-p, --parameter <name=value>", "a parameter of the workflow; may be repeated", collect)
    .option("--outcomes <file>", "what becomes of the pods, as YAML or JSON: { train: { params: { auc: \"0.9\" } }, publish: { fail: true } }")
    .addOption(pipelineOption())
    .addOption(new Option("--target-version <version>", "the version of Argo").choices([...argoVersions]))
    .option("--json", "print the run as one JSON object: nodes, pods, outputs")
    .addHelpText("after", examples(
      ["hmc simulate pipeline.ts", "which tasks run, with made-up outputs"],
      ["hmc simulate pipeline.ts --outcomes bad-score.yaml", "the same with outputs and failures that you choose"],
      ["hmc simulate workflow.yaml templates.yaml -p env=prod", "a workflow written by hand"],
    ))
    .action(async (files: string[], options) => {
      exitCode = await (await import("./simulate-command.ts")).simulateCommand(host, terminal, files.length === 0 ? [defaultFile] : files, options);
    });

  command("bundle", "bundle the ops of a pipeline into the one file that runs in their image")
    .addArgument(file())
    .option("-o, --output <file>", "where to write", "main.mjs")
    .addHelpText("after", examples(["hmc bundle pipeline.ts -o dist/main.mjs", "then: node dist/main.mjs list"]))
    .action(async (source: string, options) => {
      exitCode = await (await import("./bundle-command.ts")).bundleCommand(host, terminal, source, options);
    });

  command("build", "write what the images of the ops are built from: bundle, Dockerfile, bill of materials")
    .addArgument(file())
    .option("-o, --output <folder>", "the folder of the folders of images", "build")
    .addOption(new Option("--base <image>", "the image that they are built on; a digest is kept").default(defaultBase))
    .option("--image <image>", "the image of ops that name none")
    .addHelpText("after", examples(["hmc build pipeline.ts", "write build/<image>/, and print the commands that build them"], ["hmc build pipeline.ts | sh", "build them"]))
    .action(async (source: string, options) => {
      exitCode = await (await import("./build-command.ts")).buildCommand(host, terminal, source, options);
    });

  command("import", "turn a KFP file into TypeScript, or into types for component()")
    .argument("<files...>", "a pipeline or component of KFP v2, or a v1 component, as YAML; several with --types")
    .option("-o, --output <file>", 'where to write; "-" is standard output (default: beside the file, x.yaml → x.ts)')
    .option("--force", "replace the output if it exists")
    .addOption(new Option("--types", 'write the types of each file beside it (x.yaml → x.yaml.d.ts), for component("./x.yaml")').conflicts(["output", "force"]))
    .addOption(reportFormat())
    .addHelpText("after", examples(
      ["hmc import pipeline.yaml", "write pipeline.ts, which compiles to the same pipeline"],
      ["hmc import pipeline.yaml -o - | less", "print it"],
      ["hmc import --types components/*.yaml", 'for component("./components/score.yaml")'],
    ))
    .action(async (files: string[], options) => {
      const [first = "", surplus] = files;
      if (options.types === true) exitCode = await (await import("./import-types.ts")).importTypes(host, terminal, files, options);
      else if (surplus !== undefined) wrongArguments("excessArguments", surplus);
      else exitCode = await (await import("./import-command.ts")).importCommand(host, terminal, first, options);
    });

  command("lsp", "serve an editor: findings, fixes and hovers as one types")
    .option("--stdio", "talk over standard input and output, as editors expect; there is no other way")
    .addHelpText("after", examples(["hmc lsp --stdio", "what an editor starts: see docs/editor.md"]))
    .action(async () => {
      exitCode = await (await import("./lsp-command.ts")).lspCommand(host);
    });

  if (args.length === 0) program.outputHelp();
  else await program.parseAsync(args, { from: "user" });
  return exitCode;
}

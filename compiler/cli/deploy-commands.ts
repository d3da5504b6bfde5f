/** The commands that talk to a target, and the options that say which. */
import { Option, type Argument, type Command } from "commander";
import type { Host } from "../host.ts";
import type { Terminal } from "./terminal.ts";

/** What declares a command, as the other commands are declared. */
export interface Declaring {
  host: Host;
  terminal: Terminal;
  command: (name: string, summary: string) => Command;
  file: () => Argument;
  pipelineOption: () => Option;
  examples: (...lines: [command: string, meaning: string][]) => string;
  collect: (value: string, before?: string[]) => string[];
  count: (value: string) => number;
  done: (exitCode: number) => void;
}

/** Adds what says where a command delivers, and overrides what the file of targets says. */
export function targetOptions(command: Command, name: "to" | "on"): Command {
  return command
    .option(`--${name} <target>`, "the target, by its name in hmc.yaml (default: HMC_TARGET, or the only one)")
    .option("--config <file>", "the file of targets (default: the nearest hmc.yaml)")
    .option("--host <url>", "the address of the KFP API (HMC_HOST)")
    .option("--namespace <name>", "the namespace of runs (HMC_NAMESPACE)")
    .option("--client-id <id>", "the client id of a proxy that asks for identity tokens (HMC_CLIENT_ID)");
}

/** Adds what says how runs are made. */
export function deliveryOptions(command: Command): Command {
  return command
    .option("--experiment <name>", "the KFP experiment (HMC_EXPERIMENT)")
    .option("--service-account <name>", "the service account of runs (HMC_SERVICE_ACCOUNT)")
    .option("--pipeline-root <uri>", "where KFP keeps artifacts (HMC_PIPELINE_ROOT)")
    .option("--image <image>", "the image of every op that names none (HMC_IMAGE)")
    .option("--target-version <version>", "the version that runs there (HMC_TARGET_VERSION)");
}

/** `upload`, `deploy`, `rollback` and `prune`. */
export function declareDeployCommands({ host, terminal, command, file, pipelineOption, examples, collect, count, done }: Declaring): void {
  deliveryOptions(targetOptions(command("deploy", "bring a target to what the source says: its version and its schedule").addArgument(file()), "to"))
    .option("-p, --parameter <name=value>", "a parameter of the scheduled runs; may be repeated", collect)
    .addOption(pipelineOption())
    .option("--dry-run", "only say what would change, as hmc plan --to does")
    .option("--force", "take fields of Argo's objects that others hold")
    .option("--json", "print what was done as one JSON object")
    .addHelpText("after", examples(
      ["hmc deploy pipeline.ts --to prod", "upload the version, switch the schedule to it; safe to run twice"],
      ["hmc deploy --host https://kfp.example.com/pipeline --client-id ID --namespace team", "without hmc.yaml"],
    ))
    .action(async (source: string, options) => done(await (await import("./deploy-command.ts")).deployCommand(host, terminal, source, options)));

  deliveryOptions(targetOptions(command("upload", "upload a pipeline as a version, without touching what runs").addArgument(file()), "to"))
    .addOption(pipelineOption())
    .option("--json", "print what was done as one JSON object")
    .addHelpText("after", examples(["hmc upload pipeline.ts --to prod", "a new version, unless it is there already"]))
    .action(async (source: string, options) => done(await (await import("./deploy-command.ts")).uploadCommand(host, terminal, source, options)));

  targetOptions(command("rollback", "let the version run that ran before").addArgument(file()), "on")
    .addOption(pipelineOption())
    .addOption(new Option("--pipeline-version <name>", "the version to go back to (default: the one that ran before)"))
    .option("--dry-run", "only say what would change")
    .option("--force", "take fields of Argo's objects that others hold")
    .addHelpText("after", examples(["hmc rollback --on prod", "the schedule goes back to the version before"]))
    .action(async (source: string, options) => done(await (await import("./rollback-command.ts")).rollbackCommand(host, terminal, source, options)));

  targetOptions(command("prune", "delete old versions from a target").addArgument(file()), "on")
    .addOption(pipelineOption())
    .option("--keep <n>", "how many of the newest versions stay", count, 10)
    .option("--yes", "delete them; without it they are only listed")
    .addHelpText("after", examples(["hmc prune --on prod --keep 5", "list what would go"], ["hmc prune --on prod --keep 5 --yes", "delete it; runs stay"]))
    .action(async (source: string, options) => done(await (await import("./rollback-command.ts")).pruneCommand(host, terminal, source, options)));
}

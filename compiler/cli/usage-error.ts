/** Errors of commander in the words of hmc. */
import type { CommanderError } from "commander";
import { nearestName } from "../diagnostics/nearest.ts";
import { diagnostic } from "../diagnostics/diagnostic.ts";
import type { Parameters } from "../diagnostics/registry.ts";
import { commandNames } from "./command-names.ts";
import { UserError } from "./user-error.ts";

/** The error for a command line that cannot be read: what is wrong, what was meant, where to look. */
export function usageError(error: CommanderError, args: readonly string[]): UserError {
  const command = args.find((arg) => (commandNames as readonly string[]).includes(arg));
  const help = command === undefined ? "hmc --help" : `hmc ${command} --help`;
  const name = /'([^']*)'/.exec(error.message)?.[1] ?? "";
  const suggestion = /Did you mean (?:one of )?([^,?)]+)/.exec(error.message)?.[1];
  const unknown = (what: Parameters<"HMC0010">["what"]) =>
    new UserError(`HMC0010: ${diagnostic("HMC0010", undefined, { what, name, suggestion, help }).message}`);
  const missing = (what: string) => new UserError(`HMC0015: ${diagnostic("HMC0015", undefined, { what, help }).message}`);
  switch (error.code) {
    case "commander.unknownOption":
      return unknown("option");
    case "commander.unknownCommand":
      return unknown("command");
    case "commander.invalidArgument": {
      const [, option, value = "", reason = ""] = /'([^']*)' argument '([^']*)' is invalid\. (.*)/.exec(error.message) ?? [];
      const choices = /^Allowed choices are (.*)\.$/.exec(reason)?.[1];
      const near = nearestName(value, choices?.split(", ") ?? []);
      return missing(`The value "${value}" does not fit "${option}": ${choices === undefined ? reason : `choose one of ${choices}`}.${near === undefined ? "" : ` Did you mean "${near}"?`}`);
    }
    case "commander.missingArgument":
      return missing(`The command needs <${name}>.`);
    case "commander.optionMissingArgument":
      return missing(`The option "${name}" needs a value.`);
    case "commander.excessArguments":
      return missing("There are too many arguments.");
    case "commander.help":
      return missing("There is no command.");
    default:
      return missing(`${error.message.replace(/^error: /, "").replace(/\.?$/, ".")}`);
  }
}

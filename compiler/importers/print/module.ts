/** The state of printing one module: its names, what it imports, and the constants it needs. */
import { bug } from "../../bug.ts";
import type { ArtifactType, Component, Document, Pipeline, TaskTarget, ValueType } from "../../ir/types.ts";
import type { Doc } from "./layout.ts";
import { takeGlobalName, takeName, type NameScope } from "./names.ts";
import { multilineLiteral, nameOfText, quoted } from "./texts.ts";

export interface Module {
  document: Document;
  /** Where the printed file will stand, relative to the project root. */
  folder: string;
  scope: NameScope;
  /** Names used of the package `hmc`; those of types have `type ` before them. */
  language: Set<string>;
  /** Imports of ops: by module path, what is imported and its name here. */
  ops: Map<string, Map<string, string>>;
  /** How a component or pipeline is called in the module, by kind and id. */
  callees: Map<string, string>;
  /** Types of artifacts that the module declares: by key, name and type. Missing where types are written out. */
  artifacts?: Map<string, { name: string; type: ArtifactType }>;
  /** Constants of the module, in order of their first use: by what they hold, name and declaration. */
  constants: Map<string, { name: string; declaration: Doc }>;
  /** Names of variables, which would stand before a constant of the same name. */
  shadows: ReadonlySet<string>;
  /** Inputs, as `kind:id.input`, that some call gives a value that may be absent. */
  mayGetNothing: Set<string>;
  /** Outputs of pipelines, as `pipeline:id.output`, that may have no value. */
  optionalOutputs: Set<string>;
}

/** What is called by a task: its inputs and outputs. */
export function calledBy(module: Module, target: TaskTarget): Component | Pipeline {
  const called = target.kind === "component" ? module.document.components[target.id] : module.document.pipelines[target.id];
  return called ?? bug(`there is no ${target.kind} "${target.id}"`);
}

export function calleeName(module: Module, target: TaskTarget): string {
  return module.callees.get(`${target.kind}:${target.id}`) ?? bug(`the ${target.kind} "${target.id}" has no name`);
}

/** A function of the language, imported. */
export function languageName(module: Module, name: string): string {
  module.language.add(name);
  return name;
}

/** A type of the language, imported. */
export function languageType(module: Module, name: string): string {
  module.language.add(`type ${name}`);
  return name;
}

/**
 * The literal of a text, or the name of its constant where it has several lines.
 *
 * @param hint what the text is for, where its content does not tell
 */
export function text(module: Module, value: string, hint: string): string {
  if (!value.includes("\n")) return quoted(value);
  return constantName(module, `text:${value}`, nameOfText(value) ?? hint, "", multilineLiteral(value));
}

/**
 * The name of a constant of the module, which is declared where it is not yet.
 *
 * @param key what it holds: equal keys share a constant
 * @param type its annotation, or nothing
 */
export function constantName(module: Module, key: string, wanted: string, type: Doc, value: Doc): string {
  const known = module.constants.get(key);
  if (known !== undefined) return known.name;
  const name = takeGlobalName(module.scope, wanted, module.shadows);
  module.constants.set(key, { name, declaration: ["const ", name, type === "" ? "" : [": ", type], " = ", value, ";"] });
  return name;
}

/** The artifact types of the language, by schema title. */
const standardArtifacts = new Map(
  ["Artifact", "ClassificationMetrics", "Dataset", "HTML", "Markdown", "Metrics", "Model", "SlicedClassificationMetrics"].map((name) => [`system.${name}`, name]),
);

const standardVersion = "0.0.1";

/** Whether every artifact fits the type. */
export function isAnyArtifact(type: ValueType): boolean {
  return type.kind === "artifact" && type.schemaTitle === "system.Artifact" && type.schemaVersion === standardVersion && type.instanceSchema === undefined;
}

/** The name of the type of one artifact: of the language, or one that the module declares. */
export function artifactName(module: Module, type: ArtifactType): string {
  const { schemaTitle, schemaVersion, instanceSchema } = type;
  const standard = schemaVersion === standardVersion && instanceSchema === undefined ? standardArtifacts.get(schemaTitle) : undefined;
  if (standard !== undefined) return languageType(module, standard);
  languageType(module, "Artifact");
  if (module.artifacts === undefined) return artifactText(type);
  const key = JSON.stringify([schemaTitle, schemaVersion, instanceSchema]);
  const known = module.artifacts.get(key);
  if (known !== undefined) return known.name;
  const [, title] = /^title:\s*(\S+)\s*$/m.exec(instanceSchema ?? "") ?? [];
  const words = (schemaTitle === "" ? (title ?? "") : schemaTitle).split(".").at(-1) ?? "";
  const name = takeName(module.scope, typeName(words), "Artifact");
  module.artifacts.set(key, { name, type });
  return name;
}

/** `Artifact<"google.VertexModel", "0.0.0">`. */
export function artifactText({ schemaTitle, schemaVersion, instanceSchema }: ArtifactType): string {
  const all = [quoted(schemaTitle), ...(schemaVersion === standardVersion && instanceSchema === undefined ? [] : [quoted(schemaVersion)]), ...(instanceSchema === undefined ? [] : [quoted(instanceSchema)])];
  return `Artifact<${all.join(", ")}>`;
}

function typeName(words: string): string {
  const name = words.split(/[^A-Za-z0-9]+/).map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  return /^[A-Za-z]/.test(name) ? name : `Artifact${name}`;
}

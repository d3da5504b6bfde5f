/**
 * Replaces tags as Argo's controller does, in the JSON of a template. A value is put there as Go quotes a text, which
 * is not always JSON: some characters break the whole template (reference argo.md 2.1). What a value brings along of
 * tags is replaced in a later pass.
 */
import { argoEnv } from "./argo-env.ts";
import { argoIdentifiers, isInEnv } from "./argo-identifiers.ts";
import { evaluateExprText, ExprTextError } from "./expr-text.ts";
import { parseExpr } from "./expr-parser.lazy.ts";
import { ExprSyntaxError } from "./expr.ts";
import { ExprEvaluationError, type ExprEnv, type ExprValue } from "./expr-value.ts";
import { writeGoJson } from "./go-json.ts";
import { quoteGo } from "./go-text.ts";
import { parseTags, TagSyntaxError } from "./tags.ts";

/** A replacement that fails; `message` is the controller's. */
export class TagError extends Error {
  override name = "TagError";
  /** Whether a name is missing that may come later: the controller then tries again, possibly for ever. */
  get isMissing(): boolean {
    return / is missing|failed to resolve \{\{|variable not in env/.test(this.message);
  }
}

export interface ReplaceOptions {
  /** Which names must be there: all, or those that begin with one of these words and a dot. Others stay as they are. */
  strict: "all" | readonly string[];
}

/** Names that only get a value late: an expression that reads one is left for later where that is allowed. */
const lateNames: ReadonlySet<string> = new Set(["item", "retries", "lastRetry.exitCode", "lastRetry.status", "lastRetry.duration", "lastRetry.message", "workflow.status", "workflow.failures"]);

/**
 * A text of JSON with its tags replaced.
 *
 * @param json what the controller makes of a template or a task
 * @param values values by names with dots; `null` for an output that a skipped task does not have
 * @throws TagError
 */
export function replaceTags(json: string, values: ReadonlyMap<string, ExprValue>, options: ReplaceOptions): string {
  if (!isJson(json)) throw new TagError("cannot do template replacements with invalid JSON");
  const replacing = new Replacing(values, options.strict);
  const replaced = partsOf(json).map((part) => (typeof part === "string" ? part : part.kind === "simple" ? replacing.simple(part.content) : replacing.expression(part.content))).join("");
  if (!isJson(replaced)) throw new TagError("cannot finish template replacement because the result was invalid JSON");
  return replaced;
}

function partsOf(text: string): ReturnType<typeof parseTags> {
  try {
    return parseTags(text);
  } catch (error) {
    throw error instanceof TagSyntaxError ? new TagError(error.message) : error;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

class Replacing {
  private made: ExprEnv | undefined;

  constructor(
    private readonly values: ReadonlyMap<string, ExprValue>,
    private readonly strict: ReplaceOptions["strict"],
  ) {}

  private get env(): ExprEnv {
    return (this.made ??= argoEnv(this.values));
  }

  private isStrict(name: string): boolean {
    return this.strict === "all" || this.strict.some((prefix) => name === prefix || name.startsWith(`${prefix}.`));
  }

  simple(content: string): string {
    const name = content.trim();
    const value = this.values.get(name);
    if (value === undefined) return this.nested(content) ?? this.unresolved(content, name);
    if (value === null) throw new TagError(`unable to substitute {{${content}}}: output is an absent optional (skipped/omitted node with no default)`);
    if (typeof value !== "string") throw new TagError(`failed to resolve {{${content}}} to string`);
    return quoteGo(value);
  }

  private unresolved(content: string, name: string): string {
    // Outputs that are artifacts are looked up later.
    const isLater = this.strict !== "all" && name.includes(".outputs.artifacts.");
    if (this.isStrict(name) && !isLater) throw new TagError(`failed to resolve {{${content}}}`);
    return `{{${content}}}`;
  }

  /** `{{a.{{b}}}}`: the inner tag is replaced, the outer one in a later pass. */
  private nested(content: string): string | undefined {
    const index = content.lastIndexOf("{{");
    if (index <= 0) return undefined;
    const inner = content.slice(index + 2);
    const value = this.values.get(inner);
    if (value === null) throw new TagError(`unable to substitute nested tag {{${content}}}: "${quoteGo(inner)}" is an absent optional`);
    return typeof value === "string" ? `{{${content.slice(0, index)}${quoteGo(value)}` : undefined;
  }

  expression(content: string): string {
    const text = content.replaceAll("\\u003c", "<").replaceAll("\\u003e", ">").replaceAll("\\u0026", "&");
    const expression = unescaped(text);
    const missing = this.missing(expression);
    const stopping = missing.find((name) => this.isStrict(name));
    if (stopping !== undefined) throw new TagError(`failed to evaluate expression: ${stopping} is missing`);
    // Only a list of no words at all tolerates whatever goes wrong.
    const isAllowed = missing.length > 0 || (this.strict !== "all" && this.strict.length === 0);
    const kept = `{{=${text}}}`;
    if (isAllowed && missing.some((name) => lateNames.has(name))) return kept;
    const value = this.evaluated(expression, isAllowed && this.parses(expression));
    if (value === undefined) return kept;
    if (value === null) throw new TagError(`failed to evaluate expression "${quoteGo(text)}"`);
    return this.marshalled(value, isAllowed) ?? kept;
  }

  /** What an expression reads and the environment does not have; nothing where it cannot be read. */
  private missing(expression: string): string[] {
    try {
      return argoIdentifiers(parseExpr(expression)).filter((name) => !isInEnv(name, this.env));
    } catch (error) {
      if (error instanceof ExprSyntaxError) return [];
      throw error;
    }
  }

  /** What does not parse is never left for later. */
  private parses(expression: string): boolean {
    try {
      parseExpr(expression);
      return true;
    } catch (error) {
      if (error instanceof ExprSyntaxError) return false;
      throw error;
    }
  }

  /** The value, or `undefined` where the tag stays as it is. */
  private evaluated(expression: string, isAllowed: boolean): ExprValue | undefined {
    try {
      const value = evaluateExprText(expression, this.env);
      return value === null && isAllowed ? undefined : value;
    } catch (error) {
      if (!(error instanceof ExprTextError)) throw error;
      if (isAllowed) return undefined;
      throw new TagError(`failed to evaluate expression: ${error.message}`);
    }
  }

  private marshalled(value: ExprValue, isAllowed: boolean): string | undefined {
    try {
      const json = writeGoJson(value);
      return typeof value === "string" ? json.slice(1, -1) : quoteGo(json);
    } catch (error) {
      if (!(error instanceof ExprEvaluationError)) throw error;
      if (isAllowed) return undefined;
      throw new TagError(`failed to marshal evaluated expression: ${error.message}`);
    }
  }
}

/** The expression as it was before the template became JSON. */
function unescaped(text: string): string {
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    throw new TagError("failed to unmarshall JSON expression: invalid character in string literal");
  }
}

/**
 * What a reference of a template stands for: `from` of an artifact, `valueFrom.parameter`. The braces may be missing.
 * Expressions see the names with dots as they are, and none of Argo's functions.
 *
 * @throws TagError
 */
export function resolveReference(reference: string, values: ReadonlyMap<string, ExprValue>): ExprValue {
  const tag = reference.replace(/^\{\{/, "").replace(/\}\}$/, "").trim();
  if (!tag.startsWith("=")) {
    const value = values.get(tag);
    if (value === undefined) throw new TagError(`Unable to resolve: "${quoteGo(tag)}"`);
    return value;
  }
  const expression = tag.slice(1).replaceAll("\\u003c", "<").replaceAll("\\u003e", ">").replaceAll("\\u0026", "&");
  const value = referenced(expression, Object.fromEntries(values));
  if (value === null) throw new TagError(`Unable to resolve: "${quoteGo(tag)}"`);
  return value;
}

function referenced(expression: string, env: ExprEnv): ExprValue {
  try {
    return evaluateExprText(expression, env);
  } catch (error) {
    if (!(error instanceof ExprTextError)) throw error;
    throw new TagError(`${error.compiles ? "Invalid expression" : "Unable to compile"}: "${quoteGo(expression)}"`);
  }
}

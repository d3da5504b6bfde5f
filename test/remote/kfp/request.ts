/** Requests, held against the contract. */
import type { IncomingHttpHeaders } from "node:http";
import { formProblems, operationOf, queryProblems, valueProblems, type Operation } from "./contract.ts";
import { invalid, Refusal } from "./refusal.ts";
import type { Request } from "./routes.ts";
import type { Uploaded } from "./uploads.ts";

/** A request as it has arrived. */
export interface Arrived {
  method: string;
  /** Without the base path. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

const noFile: Uploaded = { name: "", content: "" };

/**
 * Reads a request. What the published API does not have is a violation, and refused; KFP itself would pass over some of it.
 * @param violated is told of each
 */
export async function readRequest(arrived: Arrived, violated: (problem: string) => void): Promise<Request> {
  const { method, path, query, headers, body } = arrived;
  const fail = (problems: readonly string[]): Refusal => {
    for (const problem of problems) violated(`${method} ${path}: ${problem}`);
    return invalid(problems.join("; "));
  };
  const matched = operationOf(method, path);
  if (matched === undefined) {
    violated(`${method} ${path}: there is no such call`);
    throw new Refusal("NotFound", "Not Found");
  }
  const { operation, names } = matched;
  const type = (headers["content-type"] ?? "").split(";", 1)[0] ?? "";
  const problems = queryProblems(operation, query);
  if (operation.content !== null && type !== operation.content) problems.push(`the content type is "${type}" in place of "${operation.content}"`);
  if (problems.length > 0) throw fail(problems);
  const form = operation.content === "multipart/form-data" ? await readForm(operation, headers, body).catch((error: unknown) => [`the form cannot be read: ${String(error)}`]) : noFile;
  const json = operation.body === null ? undefined : readJson(body);
  if (Array.isArray(form)) throw fail(form);
  if (typeof json === "string") throw fail([json]);
  const found = operation.body === null ? emptyProblems(operation, body) : valueProblems(operation.body.type, json?.value, "the body", true);
  if (found.length > 0) throw fail(found);
  return { operation, names, query: Object.fromEntries(query), body: json?.value, file: form };
}

/** The file of a form, or what is wrong. */
async function readForm(operation: Operation, headers: IncomingHttpHeaders, body: Buffer): Promise<Uploaded | string[]> {
  const form = await new Response(new Uint8Array(body), { headers: { "content-type": headers["content-type"] ?? "" } }).formData();
  const problems = formProblems(operation, [...form.keys()]);
  if (problems.length > 0) return problems;
  const file = form.get("uploadfile");
  if (file === null || typeof file === "string") return ["the form's \"uploadfile\" is no file"];
  return { name: file.name, content: await file.text() };
}

/** The value of a body, or why it has none. */
function readJson(body: Buffer): { value: unknown } | string {
  try {
    return { value: JSON.parse(body.toString()) as unknown };
  } catch (error) {
    return `the body is no JSON: ${String(error)}`;
  }
}

/** A call without a body may have an empty object. */
function emptyProblems({ content }: Operation, body: Buffer): string[] {
  return content === null && body.length > 0 && body.toString().trim() !== "{}" ? ["the call takes no body"] : [];
}

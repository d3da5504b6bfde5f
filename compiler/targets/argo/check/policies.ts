/** Timeouts, retries, caches: values of policies that have a form of their own. */
import type { Path } from "./document.ts";
import { fieldsOf, filled, isGiven, type Fields } from "./json.ts";
import { allTemplates } from "./model.ts";
import { wholeNumber } from "./templates.ts";
import type { Work } from "./work.ts";

const duration = /^[+-]?(?:\d+(?:\.\d*)?(?:ns|us|µs|μs|ms|s|m|h))+$/;

/** Checks the policies of the workflow and of its templates. */
export function checkPolicies(work: Work): void {
  const { spec, specPath } = work.model;
  checkRetry(work, spec["retryStrategy"], [...specPath, "retryStrategy"]);
  for (const { fields, path } of allTemplates(work.model)) {
    checkDuration(work, fields, "timeout", path, false);
    checkDuration(work, fields, "pendingTimeout", path, false);
    checkDeadline(work, fields, path);
    checkRetry(work, fields["retryStrategy"], [...path, "retryStrategy"]);
    checkSuspend(work, fields["suspend"], [...path, "suspend"]);
    checkMemoize(work, fields["memoize"], [...path, "memoize"]);
  }
}

/** @param isBare whether a number without a unit means seconds there */
function checkDuration(work: Work, fields: Fields, field: string, path: Path, isBare: boolean): void {
  const value = filled(fields[field]);
  if (value === undefined || value.includes("{{") || duration.test(value) || (isBare && /^\d+$/.test(value))) return;
  work.report("HMC8305", { path: [...path, field] }, { field, value });
}

function checkDeadline(work: Work, fields: Fields, path: Path): void {
  const value = fields["activeDeadlineSeconds"];
  if (!isGiven(value)) return;
  const seconds = wholeNumber(value);
  if (seconds === undefined || (seconds !== "tag" && seconds < 0)) {
    work.report("HMC8307", { path: [...path, "activeDeadlineSeconds"] }, { field: "activeDeadlineSeconds", value: String(value), expected: "a whole number of seconds, or a tag" });
  }
}

function checkRetry(work: Work, value: unknown, path: Path): void {
  const retry = fieldsOf(value);
  if (isGiven(retry["limit"]) && wholeNumber(retry["limit"]) === undefined) {
    work.report("HMC8307", { path: [...path, "limit"] }, { field: "limit", value: String(retry["limit"]), expected: "a whole number, or a tag" });
  }
  const backoff = fieldsOf(retry["backoff"]);
  for (const field of ["duration", "maxDuration", "cap"]) checkDuration(work, backoff, field, [...path, "backoff"], true);
  if (isGiven(backoff["factor"]) && wholeNumber(backoff["factor"]) === undefined) {
    work.report("HMC8307", { path: [...path, "backoff", "factor"] }, { field: "factor", value: String(backoff["factor"]), expected: "a whole number, or a tag" });
  }
}

function checkSuspend(work: Work, value: unknown, path: Path): void {
  checkDuration(work, fieldsOf(value), "duration", path, true);
}

/** The controller refuses other keys when the task runs (reference argo.md 1.3). */
function checkMemoize(work: Work, value: unknown, path: Path): void {
  const memoize = fieldsOf(value);
  const key = filled(memoize["key"]);
  if (key !== undefined && !/^[a-zA-Z0-9][-a-zA-Z0-9]*$/.test(key.replace(/\{\{.*?\}\}/gs, "x"))) work.report("HMC8044", { path: [...path, "key"] }, { key });
  checkDuration(work, memoize, "maxAge", path, false);
}

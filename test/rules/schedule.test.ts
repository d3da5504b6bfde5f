import { CronExpressionParser } from "cron-parser";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseCron } from "../../compiler/rules/cron.ts";
import { nextFires } from "../../compiler/rules/next-fires.ts";
import { schedule } from "../../compiler/rules/schedule.ts";
import type { PipelineOptions } from "../../compiler/ir/types.ts";
import { documentOf, pipeline, span, task } from "./documents.ts";

const found = (options: PipelineOptions) => schedule.check(documentOf([pipeline("demo", [task("a")], options)]));
const codes = (text: string) => found({ schedule: text }).map((one) => one.code);

test("right schedules pass", () => {
  for (const text of ["0 0 * * *", "*/10 * * * *", "0,30 8-18/2 * * MON-FRI", "5 4 1 jan,JUL ?", "0 0 * * 7", "0 0 29 2 *", "59 23 31 12 ?", " 0  6 * * 1 "]) {
    assert.equal(codes(text), [], text);
  }
});

test("wrong fields are named", () => {
  const problems: [string, RegExp][] = [
    ["60 * * * *", /the minute 60 is not between 0 and 59/],
    ["0 24 * * *", /the hour 24 is not between 0 and 23/],
    ["0 0 0 * *", /the day of month 0 is not between 1 and 31/],
    ["0 0 * 13 *", /the month 13 is not between 1 and 12/],
    ["0 0 * * 8", /the day of week 8 is not between 0 and 7/],
    ["0 0 * * MONDAY", /"MONDAY" is not a day of week/],
    ["0 0 L * *", /"L" is not a day of month/],
    ["0 0 * * 1#2", /"1#2" is not a day of week/],
    ["0 0 ? 5 ? 2026 1", /it has 7 fields/],
    ["0 0 * *", /it has 4 fields/],
    ["", /it has 0 fields/],
    ["daily", /it has one field/],
    ["*/0 * * * *", /the step of "\*\/0" is zero/],
    ["30-10 * * * *", /the range "30-10" runs backwards/],
    ["1,,2 * * * *", /"" is not a minute/],
    ["? * * * *", /"\?" is not a minute/],
    ["@daily", /"@daily" is "0 0 \* \* \*"/],
    ["@every 10s", /there are no macros/],
    ["CRON_TZ=Europe/Rome 0 0 * * *", /time zone/],
  ];
  for (const [text, problem] of problems) {
    const [one, ...others] = found({ schedule: text });
    assert.is(one?.code, "HMC3010", text);
    assert.match(one?.message ?? "", problem);
    assert.is(others.length, 0);
  }
});

test("six fields are told apart from other mistakes, and mended where the seconds are 0", () => {
  const written = span();
  const [zero] = found({ schedule: "0 0 0 * * *", spans: { schedule: written } });
  assert.is(zero?.code, "HMC3011");
  assert.equal(zero?.fix?.edits, [{ span: written, newText: '"0 0 * * *"' }]);
  const [thirty] = found({ schedule: "30 0 0 * * *", spans: { schedule: written } });
  assert.is(thirty?.code, "HMC3011");
  assert.is(thirty?.fix, undefined);
});

test("days that no year has", () => {
  assert.equal(codes("0 0 31 2 *"), ["HMC3012"]);
  assert.equal(codes("0 0 30 2 *"), ["HMC3012"]);
  assert.equal(codes("0 0 31 4,6,9,11 *"), ["HMC3012"]);
  assert.equal(codes("0 0 31 */2 *"), []);
  assert.equal(codes("0 0 31 2 MON"), ["HMC5006"], "either kind of day fires, so Mondays do");
});

test("schedules that start too many runs", () => {
  assert.equal(codes("* * * * *"), ["HMC5004"]);
  assert.equal(codes("*/1 * * * *"), ["HMC5004"]);
  assert.equal(codes("* 0 * * *"), ["HMC5005"]);
  assert.match(found({ schedule: "* 8-18 * * *" })[0]?.message ?? "", 'each of 11 hours, one each minute. Write "0 8-18 * * *"');
  assert.equal(codes("0 0 13 * FRI"), ["HMC5006"]);
});

test("time zones are IANA names", () => {
  const timezone = (name: string) => found({ schedule: "0 0 * * *", timezone: name });
  for (const name of ["UTC", "Europe/Rome", "Australia/Melbourne", "America/Argentina/Buenos_Aires"]) assert.equal(timezone(name), [], name);
  assert.match(timezone("Europe/Rom")[0]?.message ?? "", 'Did you mean "Europe/Rome"?');
  assert.match(timezone("+02:00")[0]?.message ?? "", "IANA");
  assert.is(timezone("")[0]?.code, "HMC3013");
});

test("options of schedules without a schedule", () => {
  assert.equal(found({ timezone: "UTC", maxConcurrency: 2, catchUp: false }).map((one) => one.code), ["HMC5007", "HMC5007", "HMC5007"]);
});

test("the next times follow the time zone through a change of clocks", () => {
  const fires = nextFires("0 3 * * *", "Australia/Melbourne", new Date("2026-10-02T00:00:00Z"), 3);
  assert.equal(fires.map((fire) => fire.toISOString()), ["2026-10-02T17:00:00.000Z", "2026-10-03T16:00:00.000Z", "2026-10-04T16:00:00.000Z"]);
  assert.equal(nextFires("0 0 * * *", undefined, new Date("2026-01-01T00:00:00Z"), 1).map((fire) => fire.toISOString()), ["2026-01-02T00:00:00.000Z"]);
});

test("lists that repeat a value and steps of weekdays fire as the back ends read them", () => {
  const after = new Date("2026-11-23T00:00:00Z");
  assert.equal(nextFires("0 6,6 * * *", "UTC", after, 1).map((fire) => fire.toISOString()), ["2026-11-23T06:00:00.000Z"]);
  const weekdays = nextFires("0 0 * * 1/2", "UTC", after, 6).map((fire) => fire.getUTCDay());
  assert.equal(weekdays, [3, 5, 1, 3, 5, 1]);
});

test("there are no next times for what is not valid", () => {
  assert.equal(nextFires("0 0 31 2 *", "UTC", new Date(0), 3), []);
  assert.equal(nextFires("@daily", "UTC", new Date(0), 3), []);
  assert.equal(nextFires("0 0 * * *", "Nowhere/Land", new Date(0), 3), []);
});

const names = { month: ["JAN", "feb", "Dec"], dayOfWeek: ["SUN", "mon", "Sat"] };

function field(least: number, most: number, words: string[]): fc.Arbitrary<string> {
  const value = fc.oneof({ weight: 6, arbitrary: fc.integer({ min: Math.max(0, least - 1), max: most + 1 }).map(String) }, ...(words.length > 0 ? [{ weight: 1, arbitrary: fc.constantFrom(...words) }] : []));
  const base = fc.oneof(fc.constant("*"), value, fc.tuple(value, value).map(([from, to]) => `${from}-${to}`));
  const part = fc.tuple(base, fc.option(fc.integer({ min: 0, max: 20 }), { freq: 3 })).map(([text, step]) => (step === null ? text : `${text}/${step}`));
  return fc.array(part, { minLength: 1, maxLength: 2 }).map((parts) => parts.join(","));
}

const expressions = fc.tuple(field(0, 59, []), field(0, 23, []), field(1, 31, []), field(1, 12, names.month), field(0, 7, names.dayOfWeek)).map((fields) => fields.join(" "));

/** What only cron-parser refuses: a value that two parts of a list give, and days that some month has not. */
const harmless = /duplicate values|Invalid explicit day of month/;

test("valid and invalid, and the values of each field, agree with cron-parser", () => {
  let valid = 0;
  fc.assert(
    fc.property(expressions, (text) => {
      const cron = parseCron(text);
      let theirs: ReturnType<typeof CronExpressionParser.parse>["fields"] | undefined;
      let refusal = "";
      try {
        theirs = CronExpressionParser.parse(text).fields;
      } catch (error) {
        refusal = String(error);
      }
      // `7/2` is refused: with Sunday as 0 it would mean all of the week.
      if ("problem" in cron && /7\//.test(text.split(" ")[4] ?? "")) return;
      if ("problem" in cron) return assert.is(theirs, undefined, `${text}: ${cron.problem}`);
      if (theirs === undefined) return assert.match(refusal, harmless, text);
      valid += 1;
      assert.equal(cron.minute.values, distinct(theirs.minute.values), text);
      assert.equal(cron.hour.values, distinct(theirs.hour.values), text);
      assert.equal(cron.month.values, distinct(theirs.month.values), text);
      // An open step ends at Saturday in robfig/cron, which both back ends use, and at the Sunday after in cron-parser.
      if (!/[0-9a-z]\/\d+/i.test(text.split(" ")[4] ?? "")) assert.equal(cron.dayOfWeek.values, distinct(theirs.dayOfWeek.values.map((day) => Number(day) % 7)), text);
    }),
    { numRuns: 8000, seed: 11 },
  );
  assert.ok(valid > 300, `only ${valid} valid expressions were compared`);
});

function distinct(values: readonly (number | string)[]): number[] {
  return [...new Set(values.map(Number))].sort((left, right) => left - right);
}

test.run();

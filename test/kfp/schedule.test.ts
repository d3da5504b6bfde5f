/** Five-field cron in the six fields of KFP's scheduler. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { kfpCron } from "../../compiler/targets/kfp/schedule.ts";

for (const [five, six] of [
  ["0 0 * * *", "0 0 0 * * *"],
  ["*/5 * * * *", "0 */5 * * * *"],
  ["0 6 * * 1-5", "0 0 6 * * 1-5"],
  ["0 6 * * 7", "0 0 6 * * 0"],
  ["0 6 * * 5-7", "0 0 6 * * 0,5,6"],
  ["0 6 * * 1-7/2", "0 0 6 * * 0,1,3,5"],
  ["0 6 * * 0,7", "0 0 6 * * 0"],
  ["0 6 * * */7", "0 0 6 * * */7"],
  ["17 7 7 7 *", "0 17 7 7 7 *"],
  ["  0 0 * *   MON ", "0 0 0 * * MON"],
] as const) {
  test(`${five} is ${six}`, () => assert.is(kfpCron(five), six));
}

test.run();

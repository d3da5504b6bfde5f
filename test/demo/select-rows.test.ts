/** Selecting rows from files that look like the public ones, and what is said of files that do not. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createTest } from "../../fixtures/crashed/steps/create-test.ts";
import { createTraining } from "../../fixtures/crashed/steps/create-training.ts";
import type { Selection } from "../../fixtures/crashed/steps/table.ts";
import { crashes } from "../../fixtures/crashed/table.ts";
import { readColumns, readTarget, withWarehouse, writeParquet } from "../../fixtures/crashed/warehouse/duckdb.ts";
import { runStep, temporaryFolder } from "./run-step.ts";

const folder = temporaryFolder();

/** The header of the public VicRoads extract, with more columns than are used. */
const header =
  "OBJECTID,ACCIDENT_NO,ABS_CODE,ACCIDENT_DATE,ACCIDENT_TIME,ALCOHOLTIME,ACCIDENT_TYPE,DAY_OF_WEEK,DCA_CODE,HIT_RUN_FLAG,LIGHT_CONDITION,ROAD_GEOMETRY,SEVERITY,SPEED_ZONE,LONGITUDE,LATITUDE," +
  "TOTAL_PERSONS,INJ_OR_FATAL,FATALITY,MALES,FEMALES,DRIVER,PEDESTRIAN,OLD_DRIVER,YOUNG_DRIVER,ALCOHOL_RELATED,UNLICENCSED,NO_OF_VEHICLES,HEAVYVEHICLE,PASSENGERVEHICLE,MOTORCYCLE";

function vicRoadsRow(date: string, time: string, alcohol: string, day = "Friday"): string {
  return `1,T2013,ABS,${date},${time},Yes,"Struck Pedestrian",${day},"PED NEAR SIDE. PED HIT BY VEHICLE FROM THE RIGHT.",No,Day,"Cross intersection",Serious,"60 km/hr",145.0,-37.8,2,1,0,1,1,1,1,0,0,${alcohol},0,1,0,1,0`;
}

function file(name: string, lines: string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}

const vicRoads = file("vicroads.csv", [
  header,
  vicRoadsRow("1/07/2013", "18.30.00", "No"),
  vicRoadsRow("31/12/2017", "00.05.00", "Yes"),
  vicRoadsRow("01/01/2018", "09:15:00", "No", " "),
  vicRoadsRow("2018/06/02 00:00:00+00", "", "Yes", ""),
  vicRoadsRow("02/06/2018", "23.59.00", ""),
]);

async function column(path: string, name: string): Promise<(string | number | null)[]> {
  return (await readColumns(path)).find((found) => found.name === name)?.values ?? [];
}

async function failure(selection: Selection): Promise<string> {
  return runStep(createTraining, selection, folder, "features", "target").then(() => "it works", (error: Error) => error.message);
}

test("takes the public VicRoads file: upper-case columns, dd/mm/yyyy, hh.mm.ss, days inclusive", async () => {
  const training = await runStep(createTraining, { source: vicRoads, table: crashes, firstDay: "2013-07-01", lastDay: "2017-12-31" }, folder, "features", "target");
  assert.is(training.rows, 2);
  assert.equal(await column(training.features.path, "accident_time"), [18, 0]);
  assert.equal(await column(training.features.path, "pedestrian"), [1, 1]);
  assert.equal([...(await readTarget(training.target.path))], [0, 1]);
});

test("what is empty is missing, and rows without a target are left out", async () => {
  const rest = await runStep(createTest, { source: vicRoads, table: crashes, firstDay: "2018-01-01", lastDay: "2018-12-31" }, folder, "features", "target");
  assert.is(rest.rows, 2);
  assert.equal(await column(rest.features.path, "accident_time"), [9, null]);
  assert.equal(await column(rest.features.path, "day_of_week"), [null, null]);
  assert.equal([...(await readTarget(rest.target.path))], [0, 1]);
});

test("takes the same table in lower case, as Parquet with real dates", async () => {
  const path = join(folder, "crashes.parquet");
  await withWarehouse(async (connection) => {
    await connection.run("CREATE TABLE t AS SELECT * FROM read_csv($path, all_varchar = true)", { path: vicRoads });
    const lower = header.split(",").map((name) => (name === "ACCIDENT_DATE" ? "DATE '2014-02-03' AS accident_date" : `"${name}" AS "${name.toLowerCase()}"`));
    await writeParquet(connection, `SELECT ${lower.join(", ")} FROM t`, path);
  });
  const rows = await runStep(createTraining, { source: path, table: crashes, firstDay: "2014-02-03", lastDay: "2014-02-03" }, folder, "features", "target");
  assert.is(rows.rows, 4);
});

test("values are bound: SQL in a parameter or in the data is text", async () => {
  assert.match(await failure({ source: vicRoads, table: crashes, firstDay: "2013-01-01' OR '1'='1", lastDay: "2017-12-31" }), /"firstDay" is "2013-01-01' OR '1'='1"; it must be a day/);
  const source = file("quotes.csv", [`answer,"a ""b""",from`, "Yes,'); DROP TABLE source; --,1"]);
  const rows = await runStep(createTraining, { source, table: { target: "answer", positive: ["Yes"], numeric: ["from"], categorical: ['a "b"'] } }, folder, "features", "target");
  assert.equal(await column(rows.features.path, 'a "b"'), ["'); DROP TABLE source; --"]);
});

test("says what is wrong with a source or a table", async () => {
  assert.match(await failure({ source: "no/such.csv", table: crashes }), /The source "no\/such\.csv" does not exist\. Looked for \//);
  assert.match(await failure({ source: "npm:no-such-package/x.csv", table: crashes }), /The package "no-such-package" .* is not installed/);
  assert.match(await failure({ source: "synthetic:birds", table: crashes }), /no synthetic source "birds"/);
  assert.match(await failure({ source: vicRoads, table: { ...crashes, numeric: ["males", "martians"] } }), /has no column "martians"\. It has: OBJECTID/);
  assert.match(await failure({ source: vicRoads, table: { ...crashes, categorical: ["ALCOHOL_RELATED"] } }), /The target "alcohol_related" is also a feature/);
  assert.match(await failure({ source: vicRoads, table: crashes, firstDay: "2020-01-01" }), /No row of ".*" is left for the training set from 2020-01-01/);
  assert.match(await failure({ source: vicRoads, table: crashes, heldOut: 25 }), /"heldOut" is 25; it must be a share between 0 and 1/);
  const american = file("american.csv", [header, vicRoadsRow("12/31/2017", "10.00.00", "No")]);
  assert.match(await failure({ source: american, table: crashes }), /1 rows have a "accident_date" that is neither .* such as "12\/31\/2017"/);
});

test.run();

/** Prometheus metrics (reference argo.md 4.1: r54). */
import type { Path } from "./document.ts";
import { fieldsOf, filled, isGiven } from "./json.ts";
import { allTemplates, namedOf } from "./model.ts";
import type { Work } from "./work.ts";

/** Checks the metrics of the workflow and of its templates. */
export function checkMetrics(work: Work): void {
  const { spec, specPath } = work.model;
  checkList(work, spec["metrics"], [...specPath, "metrics"]);
  for (const { fields, path } of allTemplates(work.model)) checkList(work, fields["metrics"], [...path, "metrics"]);
}

function checkList(work: Work, value: unknown, path: Path): void {
  for (const { name, fields, path: at } of namedOf(fieldsOf(value)["prometheus"], [...path, "prometheus"])) {
    const refuse = (place: Path, problem: string, advice: string): void => work.report("HMC8031", { path: place, part: "key" }, { metric: name, problem, advice });
    const kinds = ["counter", "gauge", "histogram"].filter((kind) => isGiven(fields[kind]));
    if (kinds.length !== 1) refuse(at, kinds.length === 0 ? "says not what it counts" : `is a ${kinds.join(" and a ")} at once`, `Give it one of "counter", "gauge" and "histogram"`);
    const gauge = fieldsOf(fields["gauge"]);
    if (gauge["realtime"] === true && filled(gauge["value"])?.includes("resourcesDuration.") === true) refuse([...at, "gauge", "realtime"], `reads "resourcesDuration", which is known only at the end`, `Remove "realtime"`);
  }
}

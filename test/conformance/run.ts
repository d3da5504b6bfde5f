/**
 * The conformance checks: `node --import tsx test/conformance/run.ts [kfp | argo | local | <suite>]...`, all without a name.
 * They need a built `dist`; those of KFP, but for determinism, a Python with kfp and kfp-kubernetes (HMC_PYTHON); those of Argo
 * programs built from ../shared/tools: argolint (HMC_ARGOLINT) and kubeapi (HMC_KUBEAPI), but for argo-run; object-stores a Python with
 * moto (HMC_MOTO) and fake-gcs-server (HMC_GCS_SERVER); vitest a folder that has it (HMC_VITEST); graph-panel one with playwright-core (HMC_PLAYWRIGHT)
 * and a Chromium (HMC_CHROMIUM).
 */
import { rmSync } from "node:fs";
import { argoApi } from "./argo-api.ts";
import { argoCommands } from "./argo-commands.ts";
import { argoDeploy } from "./argo-deploy.ts";
import { argoLint } from "./argo-lint.ts";
import { argoRun } from "./argo-run.ts";
import { newChecks } from "./checks.ts";
import { comparisons } from "./comparisons.ts";
import { determinism } from "./determinism.ts";
import { environment } from "./environment.ts";
import { editorCore } from "./editor-core.ts";
import { graphPanel } from "./graph-panel.ts";
import { imports } from "./imports.ts";
import { kfpClient } from "./kfp-client.ts";
import { kill } from "./kill.ts";
import { localRun } from "./local-run.ts";
import { objectStores } from "./object-stores.ts";
import { randomArgo } from "./random-argo.ts";
import { randomImports } from "./random-imports.ts";
import { randomTwins } from "./random-twins.ts";
import { reader } from "./reader.ts";
import { strings } from "./strings.ts";
import { schema } from "./schema.ts";
import { controlFlow } from "./control-flow.ts";
import { commandLines, twins } from "./twins.ts";
import { vitest } from "./vitest.ts";

const groups = {
  kfp: { twins, "command-lines": commandLines, "random-twins": randomTwins, imports, "random-imports": randomImports, comparisons, strings, reader, schema, determinism, "local-run": localRun, "kfp-client": kfpClient },
  local: { "control-flow": controlFlow, kill, "object-stores": objectStores, vitest, "graph-panel": graphPanel, "editor-core": editorCore },
  argo: { "argo-lint": argoLint, "argo-api": argoApi, "argo-deploy": argoDeploy, "argo-commands": argoCommands, "argo-run": argoRun, "random-argo": randomArgo },
};
const suites = { ...groups.kfp, ...groups.argo, ...groups.local };

const given = process.argv.slice(2);
const names = given.flatMap((name) => (name === "kfp" || name === "argo" || name === "local" ? Object.keys(groups[name]) : [name]));
const unknown = names.filter((name) => !Object.hasOwn(suites, name));
if (unknown.length > 0) throw new Error(`There is no suite "${unknown.join('", "')}". There are: ${[...Object.keys(groups), ...Object.keys(suites)].join(", ")}.`);

const checks = newChecks();
const place = environment();
for (const [name, suite] of Object.entries(suites)) {
  if (names.length > 0 && !names.includes(name)) continue;
  console.log(`\n${name}`);
  await suite(checks, place);
}
const { passed, failed, skipped } = checks.counts;
if (failed === 0 && process.env["HMC_CONFORMANCE_WORK"] === undefined) rmSync(place.work, { recursive: true, force: true });
else console.log(`\nWhat was compiled lies in ${place.work}`);
console.log(`\n${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`);
process.exitCode = failed === 0 ? 0 : 1;

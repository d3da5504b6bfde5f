/** What runs in place of the processes of tasks: mocks, and the code of ops in this process, with the checks that values always have. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nearestName } from "../../compiler/diagnostics/nearest.ts";
import type { Component, Document, Pipeline } from "../../compiler/ir/types.ts";
import { ValueError } from "../codec.ts";
import type { VirtualClock } from "../local/clock.ts";
import type { Execute, TaskRequest, TaskResult } from "../local/scheduler.ts";
import { ContractError, outputsOf, prepareOutputs, readInputs, type Artifact, type ExecutorOutput } from "../protocols/kfp.ts";
import { decodeOutputs, makeExecutorInput, type Outputs } from "../protocols/local.ts";
import { implementationOf, interfaceOf } from "../registry.ts";
import { reachable } from "../local/prepare.ts";
import { millisecondsOf } from "./duration.ts";
import type { AnyMock, MockCall } from "./types.ts";

/** A call of a stand-in, for the record. */
export interface Called {
  key: string;
  /** The name of the op as it is written. */
  op: string;
  component: string;
  attempt: number;
  inputs: Record<string, unknown>;
  at: number;
}

interface Place {
  clock: VirtualClock;
  /** Where output artifacts are written. */
  folder: string;
  onCall: (call: Called) => void;
}

/**
 * Finds what stands for each component of a pipeline.
 *
 * @throws Error for a name that no component has, and for an op that nothing stands for
 */
export function standIns(document: Document, pipeline: Pipeline, ops: Record<string, unknown>, mocks: Record<string, AnyMock>): (place: Place) => Execute {
  const components = reachable(document, pipeline);
  const names = components.flatMap(({ name, id }) => [name, id]);
  for (const name of Object.keys(mocks)) {
    if (names.includes(name)) continue;
    const suggestion = nearestName(name, names);
    throw new Error(`The pipeline "${pipeline.name}" has no op "${name}" to mock.${suggestion === undefined ? ` It has: ${[...new Set(components.map((component) => component.name))].join(", ")}.` : ` Did you mean "${suggestion}"?`}`);
  }
  const found = new Map(components.flatMap((component): [string, StandIn][] => {
    const mock = mocks[component.name] ?? mocks[component.id];
    const run = mock ?? codeOf(component, ops);
    return run === undefined ? [] : [[component.id, { run, isMock: mock !== undefined }]];
  }));
  const missing = components.filter(({ id, kind }) => kind !== "importer" && !found.has(id));
  if (missing.length > 0) throw new Error(`Nothing stands for ${missing.map(({ name }) => `"${name}"`).join(", ")}. Add ${missing.length === 1 ? "it" : "them"} to "mocks", or give the modules of the ops as "ops".`);
  return (place) => (request, signal) => runStandIn(found.get(request.component.id), request, signal, place);
}

interface StandIn {
  run: AnyMock;
  isMock: boolean;
}

/** The function that an op is made of, where its module is given. */
function codeOf(component: Component, ops: Record<string, unknown>): AnyMock | undefined {
  if (component.kind !== "op") return undefined;
  const [first = "", ...members] = component.implementation.export.split(".");
  const exported = members.reduce<unknown>((object, member) => (object as Record<string, unknown> | undefined)?.[member], ops[first] ?? ops[component.name]);
  return implementationOf(exported) as AnyMock | undefined;
}

async function runStandIn(standIn: StandIn | undefined, request: TaskRequest, signal: AbortSignal, { clock, folder, onCall }: Place): Promise<TaskResult> {
  const { component, key, attempt, options } = request;
  const contract = interfaceOf(component);
  const place = join(folder, key.replaceAll("/", "."), String(attempt));
  const executorInput = makeExecutorInput(component, request.inputs, place);
  const stopped = new AbortController();
  const onStop = (): void => stopped.abort();
  signal.addEventListener("abort", onStop, { once: true });
  try {
    const input = readInputs(component.name, contract, executorInput);
    onCall({ key, op: component.name, component: component.id, attempt, inputs: input, at: clock.now() });
    if (standIn === undefined) return { ok: true, outputs: imported(request) };
    const hasArtifacts = Object.values(component.outputs).some(({ type }) => type.kind === "artifact");
    if (hasArtifacts) mkdirSync(join(place, "artifacts"), { recursive: true });
    const out = hasArtifacts ? prepareOutputs(component.name, contract, executorInput) : {};
    const call: MockCall = { key, attempt, signal: stopped.signal, wait: (duration) => clock.sleepWhileWorking(millisecondsOf(duration), stopped.signal) };
    const work = clock.working(async () => {
      const returned = await standIn.run(input, out, call);
      if (standIn.isMock) writeMissing(out);
      return outputsOf(component.name, contract, returned, out);
    });
    const ended = await withinTime(work, options.timeoutSeconds, clock, stopped);
    if (ended === "timeout") return { ok: false, reason: `it ran longer than its timeout of ${options.timeoutSeconds} s.` };
    return { ok: true, outputs: decodeOutputs(component, ended) };
  } catch (error) {
    // A mock that does not keep to the types of its op is a mistake of the test, not a failure of the task.
    if (standIn?.isMock === true && (error instanceof ContractError || error instanceof ValueError)) throw new Error(`The mock of "${component.name}" (task "${key}"): ${error.message}`, { cause: error });
    const reason = error instanceof Error ? (error.message === "" ? error.name : `${error.name}: ${error.message}`) : String(error);
    return { ok: false, reason, exitCode: 1 };
  } finally {
    signal.removeEventListener("abort", onStop);
  }
}

/** A mock need not write what its test does not look at. */
function writeMissing(out: Record<string, Artifact | Artifact[]>): void {
  for (const { path } of Object.values(out).flat()) if (!existsSync(path)) writeFileSync(path, "");
}

async function withinTime(work: Promise<ExecutorOutput>, seconds: number | undefined, clock: VirtualClock, stopped: AbortController): Promise<ExecutorOutput | "timeout"> {
  if (seconds === undefined) return work;
  const done = new AbortController();
  const late = clock.sleep(seconds * 1000, done.signal).then(() => "timeout" as const);
  try {
    const first = await Promise.race([work, late]);
    if (first === "timeout") {
      stopped.abort();
      // It goes on by itself; nobody waits for how it ends.
      work.catch(() => undefined);
    }
    return first;
  } finally {
    done.abort();
  }
}

/** An importer without a mock: the artifact lies where its URI says; nothing looks for it there. */
function imported({ inputs }: TaskRequest): Outputs {
  const uri = String(inputs["uri"]);
  return { artifact: { name: "artifact", uri, path: uri.replace(/^file:\/\//, ""), metadata: {} } };
}

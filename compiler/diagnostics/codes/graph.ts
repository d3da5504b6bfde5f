import { code } from "../code.ts";

/** 3xxx: the graph, and what its nodes need to run. */
export const graphCodes = {
  HMC3001: code("error", "Cycle", (p: { path: string }) => `These tasks wait for each other: ${p.path}. Remove one of the edges.`),
  HMC3002: code("error", "Task waits for itself", (p: { task: string }) => `The task "${p.task}" waits for itself. Remove it from its own ".after()" or ".before()".`),
  HMC3003: code("error", "Duplicate task name", (p: { name: string; pipeline: string }) => `Two nodes of the pipeline "${p.pipeline}" are called "${p.name}". Give one of the calls another "name".`),
  HMC3004: code("error", "Duplicate op name", (p: { first: string; second: string; id: string }) => `The ops "${p.first}" and "${p.second}" both become "${p.id}". Rename one of them, or set the option "name" of one.`),
  HMC3005: code("error", "Duplicate pipeline name", (p: { first: string; second: string; id: string }) => `The pipelines "${p.first}" and "${p.second}" both become "${p.id}". Rename one of them, or set the option "name" of one.`),
  HMC3006: code("error", "Name too long", (p: { what: string; name: string; length: number }) => `The name "${p.name}" of the ${p.what} has ${p.length} characters, but Kubernetes takes at most 63. Set a shorter "name"; "displayName" may be longer.`),
  HMC3007: code("error", "Invalid name", (p: { what: string; name: string }) => `"${p.name}" cannot be the name of a ${p.what}. Use lower-case letters, digits and single words joined by "-", beginning and ending with a letter or digit; put what people read into "displayName".`),
  HMC3008: code("error", "Pipeline without tasks", (p: { pipeline: string }) => `The pipeline "${p.pipeline}" has no tasks, so there is nothing to run. Call at least one op in it.`),

  HMC3010: code("error", "Invalid schedule", (p: { schedule: string; problem: string }) => `The schedule "${p.schedule}" is not valid: ${p.problem}. Write five fields: minute, hour, day of month, month, day of week.`),
  HMC3011: code("error", "Schedule with seconds", (p: { schedule: string }) => `The schedule "${p.schedule}" has six fields, as if it began with seconds. Remove the first field: hmc takes five, and adds what a target needs.`),
  HMC3012: code("error", "Schedule never fires", (p: { schedule: string; reason: string }) => `The schedule "${p.schedule}" never fires: ${p.reason}. Choose a day that exists.`),
  HMC3013: code("error", "Unknown time zone", (p: { timezone: string; suggestion?: string | undefined }) => `There is no time zone "${p.timezone}". ${p.suggestion === undefined ? `Use a name of the IANA database, such as "Europe/Rome" or "UTC".` : `Did you mean "${p.suggestion}"?`}`),

  HMC3020: code("error", "No image", (p: { op: string; pipeline: string }) => `The op "${p.op}" has no image in the pipeline "${p.pipeline}". Set "image" on the op, on the call, in the "defaults" of the pipeline, or for the whole project; or set "inline: true", and the compiled file carries the op's code.`),
  HMC3021: code("error", "Invalid image reference", (p: { image: string; problem: string }) => `The image "${p.image}" is not a valid reference: ${p.problem}. Write it as "registry/repository:tag" or "registry/repository@sha256:…".`),
  HMC3022: code("error", "Invalid quantity", (p: { option: string; value: string; fact: string; example: string; suggestion?: string | undefined }) => `The option "${p.option}" has the value "${p.value}", which is ${p.fact}. ${p.suggestion === undefined ? `Write it like "${p.example}".` : `Did you mean "${p.suggestion}"?`}`),
  HMC3023: code("error", "Request above limit", (p: { option: string; request: string; limit: string }) => `The option "${p.option}" requests "${p.request}", more than its limit "${p.limit}". Lower the request or raise the limit.`),
  HMC3024: code("error", "Duplicate volume", (p: { name: string; task: string }) => `The task "${p.task}" has two volumes called "${p.name}". Give one of them another "name".`),
  HMC3025: code("error", "Duplicate mount path", (p: { path: string; task: string }) => `The task "${p.task}" mounts two volumes at "${p.path}". Give each its own "mountPath".`),
  HMC3026: code("error", "Invalid mount path", (p: { path: string }) => `Kubernetes refuses the mount path "${p.path}". Begin it with "/", and use neither ":" nor "..".`),
  HMC3027: code("error", "Invalid name of an environment variable", (p: { name: string }) => `"${p.name}" cannot be the name of an environment variable. Use letters, digits and "_", and do not begin with a digit.`),
  HMC3028: code("error", "Invalid label or annotation", (p: { option: string; key: string; problem: string }) => `The entry "${p.key}" of "${p.option}" is not valid in Kubernetes: ${p.problem}.`),
  HMC3029: code("error", "Invalid Kubernetes name", (p: { option: string; name: string }) => `"${p.name}" in the option "${p.option}" cannot be the name of a Kubernetes object. Use lower-case letters, digits, "-" and ".", beginning and ending with a letter or digit.`),
  HMC3030: code("error", "Invalid retry", (p: { option: string; value: number; expected: string }) => `The option "${p.option}" is ${p.value}. It must be ${p.expected}.`),
  HMC3032: code("error", "Timeout above deadline", (p: { task: string; timeout: number; deadline: number }) => `One try of the task "${p.task}" may take ${p.timeout} seconds, but the whole run only ${p.deadline}. Lower "timeout" or raise "deadline".`),
  HMC3033: code("error", "Invalid parallelism", (p: { loop: string; value: number }) => `The loop "${p.loop}" is limited to ${p.value} iterations at once. Give a whole number of at least 1.`),
  HMC3034: code("error", "Invalid accelerator", (p: { type: string; problem: string }) => `"${p.type}" cannot be the type of an accelerator: ${p.problem}. Name a resource such as "nvidia.com/gpu", or the value of a node label.`),
  HMC3035: code("error", "Invalid toleration", (p: { problem: string }) => `Kubernetes refuses this toleration: ${p.problem}.`),
  HMC3036: code("error", "Invalid node affinity", (p: { problem: string }) => `Kubernetes refuses this node affinity: ${p.problem}.`),
  HMC3037: code("error", "Contradictory security context", (p: { user: number }) => `"runAsNonRoot" forbids the user ${p.user} that "runAsUser" asks for, so no container can start. Remove one of them, or choose another user.`),
  HMC3038: code("error", "Container without code to carry", (p: { container: string }) => `"inline" carries the code of an op, and the container "${p.container}" has its program in its image. Remove the option.`),
  HMC3040: code(
    "error",
    "Argo option of something that is not there",
    (p: { option: string; name: string; owner: string; what: string; suggestion?: string | undefined }) => `"argo.${p.option}" names "${p.name}", but "${p.owner}" has no ${p.what} of that name. ${p.suggestion === undefined ? "Declare it, or remove it here." : `Did you mean "${p.suggestion}"?`}`,
  ),
  HMC3041: code(
    "error",
    "An input with a place of its own that callers must give",
    (p: { owner: string; input: string }) => `"argo.artifacts" says where the input "${p.input}" of "${p.owner}" lies, but each call must give it, too. Declare it as "${p.input}?".`,
  ),
  HMC3042: code("error", "An expression for retries that there are not", (p: { owner: string }) => `"argo.retryExpression" of "${p.owner}" has no effect without the option "retry". Add one, such as "retry: 3".`),
};

import { code } from "../code.ts";

/** Ends a clause of another program as a sentence. */
function sentence(text: string): string {
  return /[?!]\s*$/.test(text) ? text.trim() : text.replace(/[.\s]*$/, ".");
}

/** 622x to 626x: targets, and what is delivered to them. */
export const deployCodes = {
  HMC6220: code("error", "Configuration that is no YAML", (p: { problem: string }) => `This is no YAML: ${sentence(p.problem)} Mend it; docs/deploy.md shows a whole file.`),
  HMC6221: code("error", "Setting that is not allowed", (p: { at: string; problem: string }) => `"${p.at}" ${sentence(p.problem)} The settings are in docs/deploy.md.`),
  HMC6222: code("error", "Unknown target", (p: { target: string | undefined; known: readonly string[]; suggestion: string | undefined }) =>
    `${p.target === undefined ? "The configuration has several targets, and the command names none" : `There is no target "${p.target}"`}.${p.suggestion === undefined ? "" : ` Did you mean "${p.suggestion}"?`} Choose one of ${p.known.map((name) => `"${name}"`).join(", ")} with "--to" or "--on".`),
  HMC6223: code("error", "No configuration", (_: object) => `There is no "hmc.yaml" here or in a folder above, and no "--host" says where to deliver. Write one (docs/deploy.md), or give "--host".`),
  HMC6224: code("error", "Variable that is not set", (p: { variable: string }) => `The variable "${p.variable}" is not set. Set it, or write "\${${p.variable}:-default}".`),
  HMC6225: code("error", "Target without an address", (p: { target: string; flag: string }) => `The target "${p.target}" has no host. Write "host:" with the address of the KFP API, or give "${p.flag}".`),
  HMC6226: code("error", "Host that is no address", (p: { host: string }) => `"${p.host}" is no address. It begins with "http://" or "https://", as in "https://kubeflow.example.com/pipeline".`),
  HMC6227: code("error", "Secret that is not set", (p: { variable: string; what: string }) => `The variable "${p.variable}", which holds the ${p.what}, is not set. Set it where hmc runs.`),
  HMC6228: code("error", "File that a target needs", (p: { file: string; what: string; problem: string }) => `The ${p.what} "${p.file}" cannot be read: ${sentence(p.problem)} Give a file that is there.`),
  HMC6229: code("error", "Command for another kind of target", (p: { what: string; target: string; kind: string }) => `${p.what}, and the target "${p.target}" is of the kind "${p.kind}". Choose another target.`),

  HMC6230: code("error", "Not signed in", (p: { request: string; problem: string }) => `The server does not know who asks (${p.request}): ${sentence(p.problem)} Give credentials under "auth:" of the target, or new ones if they have expired.`),
  HMC6231: code("error", "Not allowed on the server", (p: { request: string; problem: string }) => `The server refuses this to who asks (${p.request}): ${sentence(p.problem)} Ask for the right, or check the namespace and the credentials.`),
  HMC6232: code("error", "Not found on the server", (p: { request: string; problem: string }) => `The server has no such thing (${p.request}): ${sentence(p.problem)} Check the host, with the path before "/apis"; hmc needs KFP 2.0 or newer, or Kubernetes with Argo Workflows.`),
  HMC6233: code("error", "Connection that is not trusted", (p: { request: string; problem: string }) => `No trusted connection could be made (${p.request}): ${sentence(p.problem)} Give the authority of the server as "tls.caFile", and a client certificate where it asks for one.`),
  HMC6234: code("error", "Unknown host", (p: { request: string; problem: string }) => `The name of the host is not known (${p.request}): ${sentence(p.problem)} Check the host, the network and the VPN.`),
  HMC6235: code("error", "Server out of reach", (p: { request: string; problem: string }) => `The server cannot be reached (${p.request}): ${sentence(p.problem)} Check the host and its port, and the proxy; for a server in a cluster, forward its port.`),
  HMC6236: code("error", "Server without an answer", (p: { request: string; seconds: number }) => `The server did not answer within ${p.seconds} s (${p.request}). Run the command again, which finishes what is begun; "timeout:" of the target gives it longer.`),
  HMC6237: code("error", "Failing server", (p: { request: string; problem: string }) => `The server fails (${p.request}): ${sentence(p.problem)} Run the command again later; it finishes what is begun.`),
  HMC6238: code("error", "Connection that was cut off", (p: { request: string; problem: string }) => `The connection ended before the answer was whole (${p.request}): ${sentence(p.problem)} Run the command again; it finishes what is begun.`),
  HMC6239: code("error", "Refused by the server", (p: { request: string; problem: string }) => `The server refuses what it was sent (${p.request}): ${sentence(p.problem)} Change what it names.`),
  HMC6240: code("error", "Another server", (p: { request: string; problem: string }) => `What answers there is not the API (${p.request}): ${sentence(p.problem)} Check the host: it is the address of the API, with the path before "/apis".`),
  HMC6241: code("error", "Credentials that cannot be had", (p: { request: string; problem: string }) => `The credentials cannot be had (${p.request}): ${sentence(p.problem)} See "auth:" in docs/deploy.md.`),
  HMC6242: code("error", "Conflict on the server", (p: { request: string; problem: string }) => `Something else has changed it meanwhile, or manages it (${p.request}): ${sentence(p.problem)} Run the command again, or see who else deploys this pipeline.`),
  HMC6243: code("error", "Server that needs a namespace", (p: { target: string }) => `The server keeps users apart by namespaces, and the target "${p.target}" has none. Write "namespace:", or give "--namespace".`),
  HMC6244: code("warning", "Namespace that does not count", (p: { namespace: string }) => `The server has one user and no namespaces: "${p.namespace}" does not count there. Leave "namespace:" out.`),

  HMC6245: code("error", "Pipeline that is not on the target", (p: { pipeline: string; target: string }) => `"${p.pipeline}" was never delivered to the target "${p.target}". Deploy it first: hmc deploy --to ${p.target}.`),
  HMC6246: code("error", "No earlier version", (p: { pipeline: string; target: string }) => `There is no version of "${p.pipeline}" on "${p.target}" before the one that runs. Nothing was changed.`),
  HMC6247: code("error", "Unknown version", (p: { version: string; pipeline: string; known: readonly string[]; suggestion: string | undefined }) =>
    `"${p.pipeline}" has no version "${p.version}".${p.suggestion === undefined ? "" : ` Did you mean "${p.suggestion}"?`} ${p.known.length === 0 ? "It has none." : `The newest are ${p.known.slice(0, 5).map((name) => `"${name}"`).join(", ")}.`}`),
  HMC6248: code("error", "Nothing that runs by itself", (p: { pipeline: string; target: string; version: string | undefined }) =>
    `"${p.pipeline}" has no schedule on "${p.target}", so there is nothing to roll back. ${p.version === undefined ? "Run a version with" : `Run the earlier version with`} "hmc run --on ${p.target} --pipeline-version ${p.version ?? "NAME"}".`),
  HMC6249: code("error", "Run that failed on a target", (p: { run: string; state: string; target: string }) => `The run "${p.run}" has ended as ${p.state}. "hmc explain ${p.run} --on ${p.target}" looks for the cause.`),
  HMC6250: code("error", "Unknown run on a target", (p: { run: string; target: string }) => `There is no run "${p.run}" on "${p.target}". "hmc runs --on ${p.target}" lists them.`),
  HMC6251: code("error", "Concurrency that KFP does not have", (p: { value: number }) => `KFP lets 1 to 10 runs of a schedule run at once, and "maxConcurrency" is ${p.value}. Choose a number from 1 to 10.`),
  HMC6253: code("warning", "Parameter of a target that the pipeline lacks", (p: { parameter: string; target: string; pipeline: string; suggestion: string | undefined }) =>
    `The target "${p.target}" sets "${p.parameter}", which "${p.pipeline}" does not have; it is left out.${p.suggestion === undefined ? "" : ` Did you mean "${p.suggestion}"?`} Write it as the pipeline does, or ignore this where other pipelines have it.`),
  HMC6254: code("error", "Task that failed on a target", (p: { task: string; problem: string | undefined; pod: string | undefined }) =>
    `The task "${p.task}" has failed${p.problem === undefined || p.problem === "" ? "" : `: ${sentence(p.problem).slice(0, -1)}`}. ${p.problem === undefined || p.problem === "" ? `KFP gives no reason; it stands in the log of the pod${p.pod === undefined ? "" : ` "${p.pod}"`}.` : "Mend the task and deploy again."}`),
  HMC6255: code("error", "Cluster that cannot be found", (p: { problem: string }) => `The cluster cannot be found: ${sentence(p.problem)} Give "kubeconfig:" with a file and a context, or "host:" of the Kubernetes API.`),
  HMC6256: code("error", "Cluster without Argo Workflows", (p: { server: string }) => `The cluster at "${p.server}" has no Argo Workflows. Install it there, or choose another target.`),
  HMC6257: code("error", "Package that a target needs", (p: { what: string; install: string }) => `${p.what} needs a package that is not installed. Run "npm install ${p.install}".`),
  HMC6258: code("error", "Fields that others manage", (p: { object: string; fields: readonly string[]; managers: readonly string[] }) =>
    `"${p.object}" was changed by ${p.managers.map((name) => `"${name}"`).join(", ")}, who holds ${p.fields.map((name) => `"${name}"`).join(", ")}. Nothing was written. Put the change into the source, or take the fields with "--force".`),
  HMC6259: code("error", "Delivery that another one has overtaken", (p: { by: string | undefined }) => `Another delivery has brought ${p.by === undefined ? "its revision" : `the revision "${p.by}"`} to run since, and it is left alone. Run the command again if yours is to run.`),
  HMC6252: code("error", "Deployment that does not settle", (p: { left: readonly string[] }) => `After several rounds the target is still not as it should be: ${p.left.join("; ")}. Does something else deploy this pipeline at the same time? Run the command again.`),
};

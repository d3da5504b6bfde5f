/** What is deployed on a target, as a side of a comparison. */
import { openCompiledText, type OpenedSide } from "../compare.ts";
import { deployedVersion } from "../deploy/kfp/deployed.ts";
import { find, type Version } from "../deploy/kfp/found.ts";
import type { Host } from "../host.ts";
import { withKfp } from "./kfp-server.ts";
import { openTarget, kfpOnly } from "./target-options.ts";
import type { Terminal } from "./terminal.ts";
import { userError } from "./user-error.ts";

/**
 * The versions that run on a target, or are newest there. Ends the command where there is none of any pipeline.
 *
 * @param names the ids of pipelines
 */
export async function openDeployed(host: Host, terminal: Terminal, name: string, label: string, names: readonly string[]): Promise<OpenedSide> {
  const opened = openTarget(host, terminal, { on: name });
  if (opened === undefined) return userError("HMC6205", { side: label });
  kfpOnly(opened.target, "Comparing with what is deployed is for KFP");
  const side: OpenedSide = { label, programs: [], findings: [], problems: [] };
  const texts = await withKfp(host, terminal, opened, async (client) => {
    const found: { version: Version; yaml: string }[] = [];
    for (const pipeline of names) {
      const deployed = deployedVersion(await find(client, { target: opened.target.name, pipeline }));
      if (deployed !== undefined) found.push(deployed);
    }
    return found;
  });
  if (texts === undefined || texts.length === 0) return userError("HMC6245", { pipeline: names.join(", "), target: opened.target.name });
  for (const { version, yaml } of texts) {
    const one = openCompiledText(yaml, `${name}-${version.display_name}.yaml`, label, host.cwd());
    side.programs.push(...one.programs);
    side.findings.push(...one.findings);
  }
  return side;
}

/** The KFP server of a target, for the time of a command. */
import { connectKfp } from "../deploy/connect.ts";
import type { Host } from "../host.ts";
import type { KfpClient } from "../../runtime/remote/kfp/client.ts";
import { reportPlaceless } from "./report.ts";
import { withServer, type OpenedTarget } from "./target-options.ts";
import type { Terminal } from "./terminal.ts";

/** Opens the KFP server of the target, does something with it, and closes it. Undefined where the connection itself is wrong. */
export async function withKfp<T>(host: Host, terminal: Terminal, { target, tools }: OpenedTarget, act: (client: KfpClient) => Promise<T>): Promise<T | undefined> {
  return withServer(async () => {
    const connection = await connectKfp(target, tools);
    reportPlaceless(host, terminal, connection.diagnostics);
    if (!("client" in connection)) return undefined;
    return act(connection.client).finally(() => connection.http.close());
  });
}

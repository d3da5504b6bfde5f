/** A client whose process ends at one of its requests. */
import { KubernetesClient, type Requests } from "../../../runtime/remote/kubernetes/client.ts";

/** What stands for the end of the process. */
export class Killed extends Error {
  override name = "Killed";
}

/**
 * @param nth the request at which it ends, counted from 0; those before it are as ever
 * @param moment whether that request still reaches the server
 */
export function interrupted(client: KubernetesClient, nth: number, moment: "before" | "after"): { client: KubernetesClient; requests: () => number } {
  const { http } = client;
  let count = 0;
  const requests: Requests = {
    base: http.base,
    async send(call) {
      const isLast = count++ >= nth;
      if (isLast && moment === "before") throw new Killed();
      const answer = await http.send(call);
      if (isLast) throw new Killed();
      return answer;
    },
    follow: (call) => http.follow(call),
    close: () => http.close(),
  };
  return { client: new KubernetesClient(requests, client.namespace), requests: () => count };
}

/** What keeps hmc from a cluster before a request is sent. What goes wrong with requests is a `Failure` of ../http/failure.ts. */

export type Obstacle =
  /** None of these files is there. */
  | { kind: "noKubeconfig"; paths: string[] }
  | { kind: "badKubeconfig"; path: string; problem: string }
  /** `context` is undefined where the kubeconfig has no current one. */
  | { kind: "noContext"; context: string | undefined; known: string[] }
  /** The context names something that the kubeconfig does not have. */
  | { kind: "brokenContext"; context: string; missing: "cluster" | "user"; name: string }
  /** This is no pod, or one without a service account. */
  | { kind: "notInCluster"; missing: string }
  /** The cluster has no Argo Workflows. */
  | { kind: "noArgo"; server: string };

/** A cluster cannot be used. */
export class ClusterUnusable extends Error {
  override name = "ClusterUnusable";
  readonly obstacle: Obstacle;

  constructor(obstacle: Obstacle) {
    super(textOf(obstacle));
    this.obstacle = obstacle;
  }
}

function textOf(obstacle: Obstacle): string {
  switch (obstacle.kind) {
    case "noKubeconfig":
      return `there is no kubeconfig: ${obstacle.paths.join(", ")}`;
    case "badKubeconfig":
      return `the kubeconfig "${obstacle.path}" cannot be read: ${obstacle.problem}`;
    case "noContext":
      return obstacle.context === undefined ? "the kubeconfig has no current context" : `the kubeconfig has no context "${obstacle.context}"`;
    case "brokenContext":
      return `the context "${obstacle.context}" names the ${obstacle.missing} "${obstacle.name}", which the kubeconfig does not have`;
    case "notInCluster":
      return `this is no pod with a service account: there is no ${obstacle.missing}`;
    case "noArgo":
      return `the cluster at ${obstacle.server} has no Argo Workflows`;
  }
}

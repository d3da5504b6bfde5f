/** What a task asks of its pod: fields of the template that runs it, and of its main container. */
import { isRunTime } from "../../ir/traverse.ts";
import type { Json, RunTime, TaskOptions } from "../../ir/types.ts";
import { argoTaskOptions } from "./argo-options.ts";
import { report, type Build } from "./build.ts";
import { defined, nonEmpty, nonEmptyMap } from "./defined.ts";
import { environmentOf } from "./environment.ts";
import { literal } from "./literal-text.ts";
import { memoize } from "./memoize.ts";
import { metricsOf } from "./metrics.ts";
import { placementOf } from "./placement.ts";
import type { PodContext } from "./pod-context.ts";
import { exprOf, expression, mergedPatch, patchList, readText } from "./pod-spec-patch.ts";
import { resourcesOf } from "./resources.ts";
import { retryStrategy } from "./retry.ts";
import type { Container, JsonObject, Template } from "./spec.ts";
import { synchronization } from "./synchronization.ts";
import { isOlder } from "./versions.ts";
import { volumesOf } from "./volumes.ts";

/** The annotation by which the UI names a node. */
const displayNameAnnotation = "workflows.argoproj.io/display-name";

/** The name of the main container in the pod. */
const mainContainer = "main";

/** Fields of a template that runs a pod, and of its `container` or `script`. */
export type PodSettings = Omit<Partial<Template>, "container" | "script"> & { container: Partial<Container> };

/**
 * The settings of a template that runs a pod, and of its `container` or `script`. What only a run knows is in the texts as tags,
 * or in the patch of the pod where tags are not allowed. `withTemplateOptions` finishes the template afterwards.
 */
export function podSettings(build: Build, options: TaskOptions, given: PodContext): PodSettings {
  const context = declaringOnce(given);
  if (options.kfp !== undefined) report(build, "HMC4142", options.spans?.["kfp"] ?? context.span, { task: context.componentId });
  const argo = argoTaskOptions(options);
  const argoSpan = options.spans?.["argo"] ?? context.span;
  const resources = resourcesOf(build, options, context);
  const { volumes, mounts, patched: maybeVolumes } = volumesOf(options, context);
  const placement = placementOf(options, context);
  const main = defined<JsonObject>({ resources: resources.patched, volumeMounts: maybeVolumes?.mounts });
  const pod = defined<JsonObject>({
    ...placement.patched,
    imagePullSecrets: pullSecrets(options, context),
    volumes: maybeVolumes?.volumes,
    containers: main === undefined ? undefined : [{ name: mainContainer, ...main }],
  });
  const container = defined<Partial<Container>>({
    image: imageOf(build, options, context),
    imagePullPolicy: options.imagePullPolicy,
    env: nonEmpty(environmentOf(build, options, context)),
    resources: resources.constants,
    volumeMounts: nonEmpty(mounts),
    securityContext: options.securityContext === undefined ? undefined : { ...options.securityContext },
  });
  const settings = defined<Omit<PodSettings, "container">>({
    ...displayNameOf(build, options, context),
    serviceAccountName: options.serviceAccount,
    ...placement.template,
    volumes: nonEmpty(volumes),
    retryStrategy: retryStrategy(build, options, context),
    activeDeadlineSeconds: options.timeoutSeconds,
    memoize: memoize(build, options, context),
    synchronization: synchronization(build, argo, argoSpan),
    metrics: metricsOf(build, argo.metrics, argoSpan),
    podSpecPatch: mergedPatch(pod ?? {}, argo.podSpecPatch),
  });
  return { ...settings, container: container ?? {} };
}

/** Each run-time value becomes one input, however often it is read. */
function declaringOnce(context: PodContext): PodContext {
  const texts = new Map<RunTime, string>();
  const text = (value: RunTime): string => {
    const known = texts.get(value) ?? context.text(value);
    texts.set(value, known);
    return known;
  };
  return { ...context, text };
}

function imageOf(build: Build, { image, spans }: TaskOptions, context: PodContext): string | undefined {
  if (isRunTime(image)) return context.text(image);
  if (image === undefined) report(build, "HMC4021", context.span, { task: context.componentId });
  return image === undefined ? undefined : literal(build, image, `the image of "${context.componentId}"`, spans?.["image"] ?? context.span);
}

/** Secrets of a single template have no field there; the patch adds them to those of the service account. */
function pullSecrets({ imagePullSecrets = [] }: TaskOptions, context: PodContext): Json | undefined {
  if (imagePullSecrets.length === 0) return undefined;
  const constants = imagePullSecrets.flatMap((name) => (isRunTime(name) ? [] : [{ name }]));
  if (constants.length === imagePullSecrets.length) return constants;
  return patchList(
    imagePullSecrets.map((secret) =>
      isRunTime(secret) ? { expression: exprOf({ name: expression(readText(secret, context)) }), present: context.present?.(secret) } : { expression: exprOf({ name: secret }) },
    ),
  );
}

/** Labels and annotations of the pod, and what people read: templates have annotations of their own since 3.7. */
function displayNameOf(build: Build, options: TaskOptions, context: PodContext): Pick<Template, "metadata" | "annotations"> {
  const text = (kind: "label" | "annotation", texts: Record<string, string> | undefined): Record<string, string> | undefined => {
    for (const [name, value] of Object.entries(texts ?? {})) literal(build, value, `the ${kind} "${name}" of "${context.componentId}"`, options.spans?.[`${kind}s.${name}`] ?? context.span);
    return nonEmptyMap(texts);
  };
  const display = options.displayName === undefined ? undefined : { [displayNameAnnotation]: literal(build, options.displayName, `the display name of "${context.componentId}"`, options.spans?.["displayName"] ?? context.span) };
  const isOnPod = isOlder(build.version, "3.7");
  const annotations = text("annotation", options.annotations);
  const metadata = defined<NonNullable<Template["metadata"]>>({ labels: text("label", options.labels), annotations: nonEmptyMap({ ...(isOnPod ? display : undefined), ...annotations }) });
  return { ...(metadata === undefined ? {} : { metadata }), ...(display === undefined || isOnPod ? {} : { annotations: display }) };
}

import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The states that KWOK takes nodes, pods and volumes through by default, as its module carries them. */
export function standardStages(module: string): string[] {
  const folders = ["node/fast", "node/heartbeat-with-lease", "pod/fast", "volume/fast"];
  return folders
    .flatMap((folder) => globSync(join(module, "kustomize/stage", folder, "*.yaml")).sort())
    .filter((file) => !file.endsWith("kustomization.yaml"))
    .map((file) => readFileSync(file, "utf8"));
}

/** What a tag of an image ends in whose Jobs fail, or never end; its other pods never become ready. */
export const failing = "-fails";
export const hanging = "-hangs";

/** The tag of an image, which a digest may follow. */
export function tagOf(image: string): string {
  return /:([^:/]+)$/.exec(image.replace(/@.*$/, ""))?.[1] ?? "";
}

/** A state of the pods that match; it outweighs the standard ones. */
function podStage(name: string, matching: string[], next: string): string {
  return `
apiVersion: kwok.x-k8s.io/v1alpha1
kind: Stage
metadata:
  name: ${name}
spec:
  resourceRef:
    apiGroup: v1
    kind: Pod
  selector:
    matchExpressions:
${matching.map((expression) => `      - { ${expression} }`).join("\n")}
  weight: 1000000
${next}`;
}

const beingDeleted = "key: .metadata.deletionTimestamp, operator: Exists";
const notBeingDeleted = "key: .metadata.deletionTimestamp, operator: DoesNotExist";

function inPhase(phase: string): string {
  return `key: .status.phase, operator: In, values: [${phase}]`;
}

function ownedBy(kind: string): string {
  return `key: ".metadata.ownerReferences.[].kind", operator: In, values: [${kind}]`;
}

/** Of an image whose tag ends so. */
function ofTag(pattern: string): string {
  return `key: '.spec.containers.[].image | test("(${pattern})$")', operator: In, values: ["true"]`;
}

export const failingPods = podStage(
  "job-fails",
  [notBeingDeleted, inPhase("Running"), ownedBy("Job"), ofTag(failing)],
  `  next:
    statusTemplate: |
      {{ $now := Now }}
      containerStatuses:
      {{ range .spec.containers }}
      - image: {{ .image | Quote }}
        name: {{ .name | Quote }}
        ready: false
        restartCount: 0
        started: false
        state:
          terminated:
            exitCode: 1
            reason: Error
            startedAt: {{ $now | Quote }}
            finishedAt: {{ $now | Quote }}
      {{ end }}
      phase: Failed
`,
);

export const hangingPods = podStage(
  "job-hangs",
  [notBeingDeleted, inPhase("Running"), ownedBy("Job"), ofTag(hanging)],
  `  delay:
    durationMilliseconds: 86400000
  next:
    statusTemplate: |
      phase: Running
`,
);

/**
 * A Job's pods that are deleted end before they go, as the kubelet has them do. A Job with a `podFailurePolicy` lets go
 * of its pods in a terminal phase only.
 * https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-phase
 */
export const deletedPods = podStage(
  "job-pod-ends",
  [beingDeleted, inPhase("Pending, Running"), ownedBy("Job")],
  `  next:
    statusTemplate: |
      phase: Failed
`,
);

/** Pods that a Deployment waits for in vain. */
export const unreadyPods = podStage(
  "pod-stays-unready",
  [notBeingDeleted, inPhase("Pending"), ownedBy("ReplicaSet"), ofTag(`${failing}|${hanging}`)],
  `  next:
    statusTemplate: |
      {{ $now := Now }}
      conditions:
      - lastTransitionTime: {{ $now | Quote }}
        status: "False"
        type: Ready
      - lastTransitionTime: {{ $now | Quote }}
        status: "False"
        type: ContainersReady
      containerStatuses:
      {{ range .spec.containers }}
      - image: {{ .image | Quote }}
        name: {{ .name | Quote }}
        ready: false
        restartCount: 1
        state:
          waiting:
            reason: CrashLoopBackOff
      {{ end }}
      phase: Running
`,
);

/**
 * Pods of a StatefulSet take a second to go, as real ones do at least: one that is back under its name before the
 * disruption controller has looked counts as one that is still to be evicted, for two minutes.
 */
export const lingeringPods = podStage(
  "pod-lingers",
  [beingDeleted, ownedBy("StatefulSet")],
  `  delay:
    durationMilliseconds: 1000
  next:
    delete: true
`,
);

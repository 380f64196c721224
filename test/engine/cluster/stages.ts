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

/** A stage of a Job's running pod; it outweighs the standard one, which lets every Job succeed. */
function jobStage(name: string, tag: string, next: string): string {
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
      - { key: .metadata.deletionTimestamp, operator: DoesNotExist }
      - { key: .status.phase, operator: In, values: [Running] }
      - { key: ".metadata.ownerReferences.[].kind", operator: In, values: [Job] }
      - { key: '.spec.containers.[].image | endswith("${tag}")', operator: In, values: ["true"] }
  weight: 1000000
${next}`;
}

export const failingPods = jobStage(
  "job-fails",
  failing,
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

export const hangingPods = jobStage(
  "job-hangs",
  hanging,
  `  delay:
    durationMilliseconds: 86400000
  next:
    statusTemplate: |
      phase: Running
`,
);

/** Pods that a Deployment waits for in vain; outweighs the standard stage, which lets every pod become ready. */
export const unreadyPods = `
apiVersion: kwok.x-k8s.io/v1alpha1
kind: Stage
metadata:
  name: pod-stays-unready
spec:
  resourceRef:
    apiGroup: v1
    kind: Pod
  selector:
    matchExpressions:
      - { key: .metadata.deletionTimestamp, operator: DoesNotExist }
      - { key: .status.phase, operator: In, values: [Pending] }
      - { key: ".metadata.ownerReferences.[].kind", operator: In, values: [ReplicaSet] }
      - { key: '.spec.containers.[].image | test("(${failing}|${hanging})$")', operator: In, values: ["true"] }
  weight: 1000000
  next:
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
`;

/**
 * Pods of a StatefulSet take a second to go, as real ones do at least: one that is back under its name before the
 * disruption controller has looked counts as one that is still to be evicted, for two minutes.
 */
export const lingeringPods = `
apiVersion: kwok.x-k8s.io/v1alpha1
kind: Stage
metadata:
  name: pod-lingers
spec:
  resourceRef:
    apiGroup: v1
    kind: Pod
  selector:
    matchExpressions:
      - { key: .metadata.deletionTimestamp, operator: Exists }
      - { key: ".metadata.ownerReferences.[].kind", operator: In, values: [StatefulSet] }
  weight: 1000000
  delay:
    durationMilliseconds: 1000
  next:
    delete: true
`;

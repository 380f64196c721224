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

/** What a tag of an image ends in whose Jobs fail, or never end. */
export const failing = "-fails";
export const hanging = "-hangs";

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

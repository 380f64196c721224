import { checkCount, type Problem } from "@gatehouse/core";
import type { ContainerArgs } from "../pod/container/container.ts";
import type { ResourcesArgs } from "../pod/container/resources.ts";
import type { VolumeArgs } from "../pod/container/volume.ts";
import type { PolicyArgs, PolicyReloadArgs } from "./policy.ts";

const defaultResources: ResourcesArgs = {
  requests: { cpu: "10m", memory: "16Mi" },
  limits: { cpu: "50m", memory: "32Mi" },
};

/** Checks what goes into the script, and that the program itself has a policy to load. */
export function checkPolicyReload(subject: string, { reload, engine }: PolicyArgs): Problem[] {
  if (!reload) return [];
  const { process, signal, intervalSeconds } = reload;
  const path = `${subject}.reload`;
  return [
    ...(engine
      ? [
          {
            subject: path,
            message: "OPA evaluates the policy, so there is nothing for the program to load",
            expected: "engine or reload, not both",
            fix: "remove reload; a change of the policy rolls the pods",
          },
        ]
      : []),
    ...(/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(process)
      ? []
      : [
          {
            subject: `${path}.process`,
            message: "not the name of a process",
            value: process,
            expected: "the name of the program's file, without its path: airlock",
          },
        ]),
    ...(signal === undefined || /^(?!SIG)[A-Z][A-Z0-9]+$/.test(signal)
      ? []
      : [
          {
            subject: `${path}.signal`,
            message: "not the name of a signal",
            value: signal,
            expected: "a name without SIG: HUP",
            fix: signal.startsWith("SIG") ? `use ${signal.slice(3)}` : undefined,
          },
        ]),
    ...checkCount(`${path}.intervalSeconds`, "not a number of seconds", intervalSeconds, { least: 1 }),
  ];
}

/**
 * Waits for the kubelet to swap the link behind a ConfigMap's files, which it does for all of them at once. The signal
 * is tried again until the program takes it. A sleep in the background lets the shell end at once when it is told to.
 */
function script(directory: string, { process, signal = "HUP", intervalSeconds = 5 }: PolicyReloadArgs): string {
  return `trap 'exit 0' TERM INT
loaded=$(readlink ${directory}/..data || true)
while true; do
  sleep ${intervalSeconds} &
  wait "$!"
  mounted=$(readlink ${directory}/..data || true)
  [ "$mounted" != "$loaded" ] || continue
  pids=$(pidof ${process} || true)
  # shellcheck disable=SC2086 # One argument for each process.
  if [ -n "$pids" ] && kill -${signal} $pids; then
    loaded=$mounted
    echo "The policy has changed: ${signal} to ${process}."
  fi
done
`;
}

/** The sidecar that watches the policy's files. */
export function reloadSidecar(reload: PolicyReloadArgs, volume: VolumeArgs): ContainerArgs {
  const { image, resources = defaultResources } = reload;
  return {
    name: "policy-reload",
    image,
    command: ["/bin/sh", "-ec"],
    arguments: [script(volume.mountPath, reload)],
    resources,
    volumes: [volume],
  };
}

import type { AlertCase } from "./alertCase.ts";

/** The alert on pods that no node takes. The series exists only while that is so. */
export function unschedulable(namespace: string, elsewhere: string): AlertCase {
  const pod = (where: string) => `kube_pod_status_unschedulable{namespace="${where}",pod="a",uid="1"}`;
  return {
    interval: "1m",
    fires: {
      "no node takes a pod": {
        series: { [pod(namespace)]: "_x5 1x30" },
        since: "5m",
        alerts: [
          {
            labels: { namespace, pod: "a" },
            description: "No node has taken a for 10 minutes, so the service runs with too few pods.",
          },
        ],
      },
    },
    quiet: {
      "a node is added within nine minutes": { [pod(namespace)]: "_x5 1x8 stale" },
      "a pod of another environment waits": { [pod(elsewhere)]: "1x30" },
      "every pod has a node": {},
    },
    until: "30m",
  };
}

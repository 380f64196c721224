import type { AlertCase } from "./alertCase.ts";

/** The alert on targets of a job that cannot be scraped. */
export function down(job: string, namespace: string): AlertCase {
  const up = (pod: string, where = namespace) => `up{namespace="${where}",job="${job}",pod="${pod}"}`;
  const elsewhere = `${namespace}-staging`;
  return {
    interval: "30s",
    fires: {
      "one of them cannot be scraped": {
        series: { [up("a")]: "1x30", [up("b")]: "1x9 0x20" },
        since: "5m",
        alerts: [{ labels: { namespace, job, pod: "b" } }],
      },
      "none is left": {
        series: { [up("a")]: "1x9 stale", [up("b")]: "1x8 stale", [up("c", elsewhere)]: "1x30" },
        since: "5m",
        alerts: [{ labels: { namespace, job } }],
      },
    },
    quiet: {
      "all are scraped": { [up("a")]: "1x30", [up("b")]: "1x30" },
      "two scrapes failed": { [up("a")]: "1x9 0x1 1x20" },
      "one was rolled": { [up("a")]: "1x9 stale", [up("b")]: "_x9 1x20" },
      "that of another environment is down": { [up("a")]: "1x30", [up("a", elsewhere)]: "0x30" },
    },
    until: "15m",
  };
}

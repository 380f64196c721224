import { parseDuration } from "@gatehouse/core";
import type { AlertCase } from "./alertCase.ts";

const minute = 60;
/** Seconds between samples and evaluations. */
const step = 5 * minute;

/** The alert on the age of a CronJob's last success. */
export function backup(namespace: string, cronJob: string, maxAge: string): AlertCase {
  const age = parseDuration(maxAge) / 1000;
  const created = `kube_cronjob_created{namespace="${namespace}",cronjob="${cronJob}"}`;
  const succeeded = `kube_cronjob_status_last_successful_time{namespace="${namespace}",cronjob="${cronJob}"}`;
  const others = succeeded.replace(cronJob, `${cronJob}-2`);
  const end = age + 60 * minute;
  /** A value that stays for some seconds. */
  const stays = (value: number, seconds = end) => `${value}x${seconds / step - 1}`;
  return {
    interval: `${step}s`,
    fires: {
      "the last success is too old": {
        series: { [created]: stays(0), [succeeded]: stays(0), [others]: `0+${step}x${end / step}` },
        since: `${age + step}s`,
      },
      "it never succeeded": { series: { [created]: stays(0) }, since: `${age + step}s` },
      "it is gone": {
        series: { [created]: `0x9 stale`, [succeeded]: `0x9 stale` },
        since: `${10 * step}s`,
        alerts: [{ labels: { namespace, cronjob: cronJob } }],
      },
    },
    quiet: {
      "it succeeds while the last success is not yet too old": {
        [created]: stays(0),
        [succeeded]: `${stays(0, age)} ${stays(age, end - age)}`,
        [others]: stays(0),
      },
      "it succeeds late, before anybody has to be told": {
        [created]: stays(0),
        [succeeded]: `${stays(0, age + 15 * minute)} ${stays(age + 15 * minute, end - age)}`,
      },
      "it is new, and has time for its first success": { [created]: stays(end - age + step) },
    },
    until: `${end}s`,
  };
}

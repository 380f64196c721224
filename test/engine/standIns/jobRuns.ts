import { setTimeout as delay } from "node:timers/promises";
import { failing, hanging, tagOf } from "../cluster/stages.ts";
import type { Cloud, CloudObject, Run } from "./cloud.ts";
import type { WireObject } from "./plugin.ts";
import { InitializationError } from "./resourceProvider.ts";

/** Milliseconds of a run: what does not wait for it comes before its end. */
const runTime = 2000;

export const jobType = "gcp:cloudrunv2/job:Job";

/**
 * Runs a Cloud Run job as its token asks, once for each token: the job is ready when that run has succeeded.
 * @throws InitializationError where it has not.
 */
export async function runJob(cloud: Cloud, job: CloudObject, cancelled: AbortSignal): Promise<void> {
  const token = job.state.runExecutionToken as string;
  const runs = job.runs ?? [];
  let run = runs.find((known) => known.token === token);
  if (run === undefined) {
    run = { token, result: resultOf(job.state) };
    cloud.put({ ...job, runs: [...runs, run] });
    await delay(runTime, undefined, { signal: cancelled }).catch(() => undefined);
  }
  if (run.result === "running" && !cancelled.aborted)
    await new Promise((resolve) => {
      cancelled.addEventListener("abort", resolve);
    });
  if (run.result !== "succeeded")
    throw new InitializationError(
      `Job ${job.name}: its run ${token} has not succeeded: ${run.result}`,
      job.id,
      job.state,
    );
}

function resultOf({ template }: WireObject): Run["result"] {
  const tasks = template as { template: { containers: { image: string }[] } };
  const tag = tagOf(tasks.template.containers[0]?.image ?? "");
  if (tag.endsWith(failing)) return "failed";
  return tag.endsWith(hanging) ? "running" : "succeeded";
}

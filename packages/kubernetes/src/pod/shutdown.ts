import { checkCount, type Problem } from "@gatehouse/core";

/** How a pod stops without losing a request. */
export interface ShutdownArgs {
  /**
   * Seconds that a pod keeps serving after it was told to stop, until every load balancer has learned of it.
   * @default 10
   */
  drainSeconds?: number;
  /**
   * Seconds that the server lets a request in flight take; at least the server's own timeout.
   * @default 30
   */
  requestTimeoutSeconds?: number;
}

export function checkShutdown(subject: string, { drainSeconds, requestTimeoutSeconds }: ShutdownArgs = {}): Problem[] {
  const path = `${subject}.shutdown`;
  return [
    ...checkCount(`${path}.drainSeconds`, "not a number of seconds", drainSeconds, { least: 0 }),
    ...checkCount(`${path}.requestTimeoutSeconds`, "not a number of seconds", requestTimeoutSeconds, { least: 0 }),
  ];
}

/** Seconds for the processes to end after the last request. */
const exitSeconds = 5;

export function drainSeconds({ drainSeconds = 10 }: ShutdownArgs = {}): number {
  return drainSeconds;
}

/**
 * The grace period outlasts the drain and the longest request, so that the kill never cuts one off.
 *
 * @param hooks Seconds of hooks before the stop, which run beside each other: a command in place of the drain, and those
 *   of sidecars.
 */
export function gracePeriodSeconds(shutdown: ShutdownArgs = {}, hooks: number[] = []): number {
  return Math.max(drainSeconds(shutdown), ...hooks) + (shutdown.requestTimeoutSeconds ?? 30) + exitSeconds;
}

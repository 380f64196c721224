import { checkCount, type Problem } from "@gatehouse/core";

/** Seconds of a request where nothing says otherwise, as for `shutdown.requestTimeoutSeconds` of a workload. */
export const defaultRequestTimeoutSeconds = 30;

/** Seconds that the edge waits longer than the server, so that the client gets the server's answer, not the edge's 504. */
const marginSeconds = 5;

/** Seconds that ingress-nginx (`upstream-keepalive-timeout`) and an ALB (`idle_timeout`) keep an idle connection. */
const proxyIdleSeconds = 60;

/** The longest idle timeout of an ALB. */
const longestAlbIdleSeconds = 4_000;

/** Seconds after which the edge gives a request up. */
export function edgeTimeoutSeconds(requestTimeoutSeconds: number = defaultRequestTimeoutSeconds): number {
  return requestTimeoutSeconds + marginSeconds;
}

/**
 * Seconds that the edge keeps an idle connection. An ALB counts a request that is being answered as idle, so this is
 * never less than the edge's timeout.
 */
export function edgeIdleSeconds(requestTimeoutSeconds: number = defaultRequestTimeoutSeconds): number {
  return Math.max(proxyIdleSeconds, edgeTimeoutSeconds(requestTimeoutSeconds));
}

/**
 * Seconds that a server behind an edge must keep an idle connection open: longer than the edge does. A server that
 * closes first races with the next request, which then fails with 502.
 *
 * @example
 * const command = ["gunicorn", "--timeout", "30", "--keep-alive", String(keepAliveSeconds(30))]; // 75
 */
export function keepAliveSeconds(requestTimeoutSeconds: number = defaultRequestTimeoutSeconds): number {
  return edgeIdleSeconds(requestTimeoutSeconds) + 15;
}

/** Checks a request timeout against what an edge can wait. */
export function checkRequestTimeout(subject: string, requestTimeoutSeconds: number | undefined): Problem[] {
  return checkCount(subject, "not a number of seconds that an edge can wait", requestTimeoutSeconds, {
    least: 1,
    most: longestAlbIdleSeconds - marginSeconds,
  });
}

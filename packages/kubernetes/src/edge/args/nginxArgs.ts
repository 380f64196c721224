/** Options of ingress-nginx alone. */
export interface NginxEdgeArgs {
  /**
   * Name of the IngressClass.
   * @default "nginx"
   */
  className?: string;
  /**
   * Namespace of the controller's pods, from which the Service's pods are reached.
   * @default "ingress-nginx"
   */
  controllerNamespace?: string;
  /**
   * Requests that pass at once before the rate limit slows a client down, as a multiple of `requestsPerMinute`. At 1, a
   * replica lets at most twice the limit (and one request) through in a client's first minute and the limit in each
   * minute after it. nginx always has a burst, and its own default is 5.
   * @default 1
   */
  burstMultiplier?: number;
}

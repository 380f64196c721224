/** Labels by which the Prometheus Operator of kube-prometheus-stack, under its usual release name, selects rules and monitors. */
export const operatorLabels: Readonly<Record<string, string>> = { release: "kube-prometheus-stack" };

/** A set of Redis servers, as alerts need to know it. */
export interface MonitoredRedis {
  /** Scrape job of the exporters of servers and Sentinels. */
  job: string;
  /**
   * Scrape job of the proxy.
   * @default no proxy
   */
  proxyJob?: string;
  /** Number of data pods. */
  pods: number;
  /** Whether the set is a cache, which may be full and writes nothing to disk. */
  cache: boolean;
  /** Whether exporters run, without which no alert has data. */
  exporters: boolean;
}

/** A CronJob and the greatest age of its last success while all is well. */
export interface MonitoredCronJob {
  cronJob: string;
  /** A duration: `26h`. */
  maxAge: string;
}

/** A component as `alertsFor` of `@gatehouse/monitoring` needs to know it: plain data, one of the optional parts. */
export interface Monitored {
  /** Name of the component. */
  name: string;
  /**
   * Servers, Sentinels and a proxy.
   * @default not a Redis
   */
  redis?: MonitoredRedis;
  /**
   * A backup on a schedule.
   * @default not a backup
   */
  backup?: MonitoredCronJob;
  /**
   * The check that the newest backup can be restored.
   * @default no check
   */
  restoreCheck?: MonitoredCronJob;
}

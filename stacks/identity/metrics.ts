import { cloudRunMetrics, cloudSqlMetrics, memorystoreMetrics, metricsCatalogue } from "@gatehouse/monitoring";

/** What Google exports about Identity; the service itself exports nothing. */
export const metrics = metricsCatalogue(cloudRunMetrics, cloudSqlMetrics, memorystoreMetrics);

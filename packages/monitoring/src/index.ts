export { MetricType, exportedBy, targetLabels } from "./metrics/metric.ts";
export type { Metric } from "./metrics/metric.ts";
export { findSeries, metricsCatalogue, nearestSeries } from "./metrics/metricsCatalogue.ts";
export type { MetricsCatalogue, Series } from "./metrics/metricsCatalogue.ts";
export { kubeStateMetrics, kubeletMetrics, platformMetrics, prometheusMetrics } from "./metrics/platformMetrics.ts";
export { redisMetrics } from "./metrics/redisMetrics.ts";
export { fluentdMetrics, opaMetrics } from "./metrics/sidecarMetrics.ts";

export {
  errorRatio,
  increase,
  not,
  notPattern,
  pattern,
  quantile,
  rate,
  rateInterval,
  ratio,
  restarts,
  series,
  stale,
  targetDown,
} from "./promql/queries.ts";
export type {
  ErrorRatioQuery,
  LabelMatch,
  LabelMatches,
  QuantileQuery,
  RateQuery,
  RestartsQuery,
  StaleQuery,
  TargetQuery,
} from "./promql/queries.ts";
export { checkExpression } from "./checks/expression.ts";
export type { CheckedExpression, ExpressionContext } from "./checks/expression.ts";
export { checks } from "./checks/index.ts";
export type { Check, CheckContext, Finding } from "./checks/contract/check.ts";
export { children } from "./promql/syntax.ts";
export type {
  Aggregation,
  Binary,
  Call,
  Expression,
  Matcher,
  NumberLiteral,
  Range,
  Selector,
  Span,
  Subquery,
  TextLiteral,
  Unary,
  Word,
} from "./promql/syntax.ts";

export { Severity, checkAlertRules, renderAlertRules } from "./alerts/alertRule.ts";
export type {
  AlertRule,
  AlertRuleContext,
  AlertRuleGroup,
  PrometheusAlert,
  PrometheusRuleGroup,
} from "./alerts/alertRule.ts";
export { backupFreshness } from "./alerts/backupFreshness.ts";
export type { BackupFreshnessArgs, CronJobAge } from "./alerts/backupFreshness.ts";
export { alertsFor } from "./alerts/alertsFor.ts";
export type { AlertsForArgs } from "./alerts/alertsFor.ts";
export { podAlerts } from "./alerts/podAlerts.ts";
export { redisAlerts } from "./alerts/redisAlerts.ts";
export type { RedisAlertsArgs } from "./alerts/redisAlerts.ts";
export { AlertRules } from "./alerts/alertRules.ts";
export type { AlertRulesArgs } from "./alerts/alertRules.ts";

export { PanelKind, PanelUnit, ThresholdColor } from "./dashboards/panel.ts";
export type { DashboardPanel, PanelQuery, PanelThreshold } from "./dashboards/panel.ts";
export type { DashboardVariable } from "./dashboards/grafanaVariables.ts";
export { dashboardUid } from "./dashboards/grafana.ts";
export { Dashboard } from "./dashboards/dashboard.ts";
export type { DashboardArgs } from "./dashboards/dashboard.ts";

export { cloudMonitoringPolicies } from "./alerts/cloudMonitoringPolicies.ts";
export type { CloudMonitoringPoliciesArgs, CloudMonitoringPolicy } from "./alerts/cloudMonitoringPolicies.ts";
export { cloudMonitoringDashboard } from "./dashboards/cloudMonitoringDashboard.ts";
export type { CloudMonitoringDashboardArgs } from "./dashboards/cloudMonitoringDashboard.ts";
export { cloudRunMetrics, cloudSqlMetrics, memorystoreMetrics } from "./metrics/cloudMonitoringMetrics.ts";

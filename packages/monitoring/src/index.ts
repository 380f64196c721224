export { MetricType, exportedBy, targetLabels } from "./metric.ts";
export type { Metric } from "./metric.ts";
export { findSeries, metricsCatalogue, nearestSeries } from "./metricsCatalogue.ts";
export type { MetricsCatalogue, Series } from "./metricsCatalogue.ts";
export { kubeStateMetrics, kubeletMetrics, platformMetrics, prometheusMetrics } from "./platformMetrics.ts";
export { redisMetrics } from "./redisMetrics.ts";
export { fluentdMetrics, opaMetrics } from "./sidecarMetrics.ts";

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
} from "./queries.ts";
export type {
  ErrorRatioQuery,
  LabelMatch,
  LabelMatches,
  QuantileQuery,
  RateQuery,
  RestartsQuery,
  StaleQuery,
  TargetQuery,
} from "./queries.ts";
export { checkExpression } from "./expression.ts";
export type { CheckedExpression, ExpressionContext } from "./expression.ts";
export { checks } from "./checks/index.ts";
export type { Check, CheckContext, Finding } from "./checks/check.ts";
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

export { Severity, checkAlertRules, renderAlertRules } from "./alertRule.ts";
export type { AlertRule, AlertRuleContext, AlertRuleGroup, PrometheusAlert, PrometheusRuleGroup } from "./alertRule.ts";
export { backupFreshness } from "./backupFreshness.ts";
export type { BackupFreshnessArgs, CronJobAge } from "./backupFreshness.ts";
export { redisAlerts } from "./redisAlerts.ts";
export type { RedisAlertsArgs } from "./redisAlerts.ts";
export { AlertRules } from "./alertRules.ts";
export type { AlertRulesArgs } from "./alertRules.ts";

export { PanelKind, PanelUnit, ThresholdColor } from "./panel.ts";
export type { DashboardPanel, PanelQuery, PanelThreshold } from "./panel.ts";
export type { DashboardVariable } from "./grafanaVariables.ts";
export { dashboardUid } from "./grafana.ts";
export { Dashboard } from "./dashboard.ts";
export type { DashboardArgs } from "./dashboard.ts";

export { cloudMonitoringPolicies } from "./cloudMonitoringPolicies.ts";
export type { CloudMonitoringPoliciesArgs, CloudMonitoringPolicy } from "./cloudMonitoringPolicies.ts";
export { cloudMonitoringDashboard } from "./cloudMonitoringDashboard.ts";
export type { CloudMonitoringDashboardArgs } from "./cloudMonitoringDashboard.ts";
export { cloudRunMetrics, cloudSqlMetrics, memorystoreMetrics } from "./cloudMonitoringMetrics.ts";

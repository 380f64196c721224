import {
  type AlertPoliciesArgs,
  type CloudRunService,
  type NotificationChannels,
  type NotificationChannelsArgs,
  type UptimeCheckArgs,
} from "@gatehouse/gcp";
import { cloudMonitoringDashboard, cloudMonitoringPolicies } from "@gatehouse/monitoring";
import type { DashboardArgs } from "@pulumi/gcp/monitoring/dashboard.js";
import { alerts } from "./alerts.ts";
import type { IdentityConfig } from "./config.ts";
import { panels } from "./dashboards.ts";
import { maxConnectionsOf } from "./data.ts";
import { metrics } from "./metrics.ts";
import type { PhysicalNames } from "./names.ts";

export function channelsArgs({ project, monitoring }: IdentityConfig): NotificationChannelsArgs {
  return { project, emails: monitoring.emails };
}

/** The check from outside, which is the guide's fifth alert. */
export function uptimeArgs(
  { project, uptime, monitoring }: IdentityConfig,
  names: PhysicalNames,
  service: CloudRunService,
  { channels }: NotificationChannels,
): UptimeCheckArgs {
  return {
    ...uptime,
    project,
    host: uptime.host ?? service.url.apply((url) => new URL(url).host),
    displayName: names.uptime,
    notificationChannels: channels,
    runbookUrl: `${monitoring.runbooks}#identitydown`,
  };
}

export function policiesArgs(
  settings: IdentityConfig,
  names: PhysicalNames,
  { channels }: NotificationChannels,
): AlertPoliciesArgs {
  const rules = alerts(settings, names, maxConnectionsOf(settings));
  const policies = cloudMonitoringPolicies({ name: "identity", rules, catalogue: metrics });
  return { project: settings.project, policies, notificationChannels: channels };
}

/** A dashboard of what the alerts look at. */
export function dashboardArgs(settings: IdentityConfig, names: PhysicalNames): DashboardArgs {
  const content = {
    title: names.service,
    panels: panels(settings, names, maxConnectionsOf(settings)),
    catalogue: metrics,
  };
  return { project: settings.project, dashboardJson: cloudMonitoringDashboard(content) };
}

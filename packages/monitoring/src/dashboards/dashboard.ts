import {
  childOptions,
  checkedArgs,
  checkDuration,
  checkedInput,
  parseDuration,
  physicalName,
  recommendedLabels,
  refuseSecret,
  throwIfAny,
} from "@gatehouse/core";
import type { Problem } from "@gatehouse/core";
import * as corev1 from "@pulumi/kubernetes/core/v1/index.js";
import * as pulumi from "@pulumi/pulumi";
import { dashboardUid, renderDashboard } from "./grafana.ts";
import type { DashboardVariable } from "./grafanaVariables.ts";
import { checkCatalogue } from "../metrics/metricsCatalogue.ts";
import type { MetricsCatalogue } from "../metrics/metricsCatalogue.ts";
import { checkPanels } from "./panel.ts";
import type { DashboardPanel } from "./panel.ts";
import { argsSchema } from "../argsSchema.ts";

export interface DashboardArgs {
  /** Namespace of the ConfigMap. Grafana's sidecar must watch it (`searchNamespace: ALL`). */
  namespace: pulumi.Input<string>;
  /** Title of the dashboard in Grafana. */
  title: string;
  /** @default none */
  description?: string;
  /** The metrics that the queries may use. */
  catalogue: MetricsCatalogue;
  /** The panels, in reading order. */
  panels: pulumi.Input<DashboardPanel[]>;
  /**
   * Variables at the top of the dashboard. The data source is always one of them.
   *
   * @default none
   */
  variables?: DashboardVariable[];
  /**
   * Name of the ConfigMap. The dashboard's uid is made from it and the namespace.
   *
   * @default the component's name
   */
  configMapName?: string;
  /**
   * Folder in Grafana.
   *
   * @default the sidecar's default folder
   */
  folder?: string;
  /**
   * Tags by which Grafana finds it.
   *
   * @default none
   */
  tags?: string[];
  /**
   * Time range when the dashboard opens.
   *
   * @default "6h"
   */
  timeRange?: string;
  /**
   * Refresh interval.
   *
   * @default "1m"
   */
  refresh?: string;
  /**
   * Interval at which Prometheus scrapes the targets: the finest step of a panel.
   *
   * @default "30s", that of kube-prometheus-stack
   */
  scrapeInterval?: string;
  /**
   * Labels with which Grafana's sidecar selects dashboards.
   *
   * @default { grafana_dashboard: "1" }
   */
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** https://kubernetes.io/docs/concepts/configuration/configmap/ */
const configMapLimit = 1024 * 1024;

/**
 * A Grafana dashboard, as a ConfigMap for Grafana's sidecar. Every query is parsed, looked up in the catalogue and
 * checked; all that is wrong with any panel is one error.
 */
export class Dashboard extends pulumi.ComponentResource {
  /** The dashboard's uid, by which links name it. */
  public readonly uid: pulumi.Output<string>;
  /** Name of the ConfigMap. */
  public readonly configMapName: pulumi.Output<string>;

  /** @throws InputError if a panel is wrong; panels that are Outputs reject with it as they resolve. */
  constructor(name: string, args: DashboardArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "DashboardArgs", `${name} (Dashboard)`, args);
    super("gatehouse:monitoring:Dashboard", name, {}, opts);
    const configMapName = physicalName("kubernetes:Object", args.configMapName ?? name);
    const panels = checkedPanels(name, args);
    this.uid = pulumi.output(args.namespace).apply((namespace) => dashboardUid(namespace, configMapName));
    const configMap = this.configMap(name, configMapName, this.content(name, panels, args), args, opts);
    this.configMapName = configMap.metadata.name;
    this.registerOutputs({ uid: this.uid, configMapName: this.configMapName });
  }

  private content(
    name: string,
    panels: pulumi.Input<DashboardPanel[]>,
    { title, description = "", tags = [], variables = [], ...args }: DashboardArgs,
  ): pulumi.Output<Record<string, string>> {
    const { timeRange = "6h", refresh = "1m", scrapeInterval = "30s" } = args;
    const settings = { title, description, tags, variables, timeRange, refresh, scrapeInterval };
    return pulumi.all([this.uid, pulumi.output(panels)]).apply(([uid, panels]) => {
      // The sidecar writes all dashboards into one directory, so that the key must be as unique as the uid.
      const data = { [`${uid}.json`]: renderDashboard({ uid, panels, ...settings }) };
      throwIfAny(checkSize(data, name));
      return data;
    });
  }

  private configMap(
    name: string,
    configMapName: string,
    data: pulumi.Output<Record<string, string>>,
    { namespace, folder, labels = { grafana_dashboard: "1" } }: DashboardArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): corev1.ConfigMap {
    const metadata = {
      name: configMapName,
      namespace,
      labels: pulumi.output(labels).apply((own) => ({ ...recommendedLabels({ name: configMapName }), ...own })),
      ...(folder !== undefined && { annotations: { grafana_folder: folder } }),
    };
    return new corev1.ConfigMap(`${name}-dashboard`, { metadata, data }, childOptions(this, opts));
  }
}

function checkedPanels(name: string, args: DashboardArgs): pulumi.Input<DashboardPanel[]> {
  const { catalogue, panels, variables = [], scrapeInterval = "30s", timeRange = "6h", refresh = "1m" } = args;
  throwIfAny(checkCatalogue(catalogue), `the metrics catalogue of ${name}`);
  throwIfAny(
    Object.entries({ scrapeInterval, timeRange, refresh }).flatMap(([field, text]) =>
      checkDuration(text, `${name}.${field}`),
    ),
  );
  const context = { catalogue, variables, scrapeInterval: parseDuration(scrapeInterval) };
  const prefixed = (problem: Problem): Problem => ({ ...problem, subject: `${name}: ${problem.subject}` });
  const checked = checkedInput(panels, (all) => checkPanels(all, context).map(prefixed));
  if (Array.isArray(checked)) return checked;
  return refuseSecret(checked, {
    subject: `${name}.panels`,
    message: "a secret would be readable in the dashboard's ConfigMap",
    fix: "build the panels from values that are not secret",
  });
}

function checkSize(data: Record<string, string>, name: string): Problem[] {
  const bytes = Object.entries(data).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
  return bytes <= configMapLimit
    ? []
    : [
        {
          subject: `${name}.panels`,
          message: "the dashboard does not fit into a ConfigMap",
          value: `${bytes} bytes`,
          expected: `at most ${configMapLimit} bytes`,
          fix: "divide it into several dashboards",
        },
      ];
}

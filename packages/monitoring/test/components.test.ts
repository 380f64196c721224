import { setImmediate } from "node:timers/promises";
import { InputError } from "@gatehouse/core";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AlertRules, Dashboard, MetricType, dashboardUid } from "../src/index.ts";
import type { AlertRulesArgs, DashboardArgs, DashboardPanel } from "../src/index.ts";
import { catalogue, rule } from "./fixtures.ts";

interface Registered {
  type: string;
  name: string;
  inputs: unknown;
}

let registered: Registered[] = [];

beforeEach(async () => {
  registered = [];
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      registered.push({ type, name, inputs });
      return { id: `${name}-id`, state: inputs as Record<string, unknown> };
    },
    call: () => ({}),
  });
});

// A component whose constructor throws is registered all the same, and must not be under way when mocks change.
afterEach(async () => {
  await setImmediate();
  await pulumi.runtime.disconnect();
});

function resolved<T>(output: pulumi.Output<T>): Promise<T> {
  return (output as unknown as { promise(): Promise<T> }).promise();
}

/**
 * The error with which an Output of a component rejects. The SDK leaves more of the promises behind it to the process's
 * handler, where the program runner prints each error once: so it must be one and the same.
 */
async function rejection(make: () => pulumi.Output<unknown>): Promise<string> {
  const handlers = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  const unhandled = new Set<unknown>();
  process.on("unhandledRejection", (reason) => unhandled.add(reason));
  try {
    const error: unknown = await resolved(make()).then(
      () => expect.fail("it resolves"),
      (reason: unknown) => reason,
    );
    await setImmediate();
    expect(error).toBeInstanceOf(InputError);
    expect([...unhandled]).toEqual([error]);
    return (error as InputError).message;
  } finally {
    process.removeAllListeners("unhandledRejection");
    for (const handler of handlers) process.on("unhandledRejection", handler);
  }
}

const panels: DashboardPanel[] = [
  { title: "Carts", description: "Open carts", queries: [{ expr: "sum(shop_carts)" }] },
];

function failure(create: () => unknown): InputError {
  try {
    create();
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("AlertRules", () => {
  const rules = (overrides: Partial<AlertRulesArgs> = {}): AlertRules =>
    new AlertRules("shop-alerts", { namespace: "shop", catalogue, rules: [rule()], ...overrides });

  test("is one PrometheusRule that kube-prometheus-stack selects", async () => {
    expect(await resolved(rules().ruleName)).toBe("shop-alerts");
    expect(registered).toEqual([
      { type: "gatehouse:monitoring:AlertRules", name: "shop-alerts", inputs: {} },
      {
        type: "kubernetes:monitoring.coreos.com/v1:PrometheusRule",
        name: "shop-alerts-rule",
        inputs: {
          apiVersion: "monitoring.coreos.com/v1",
          kind: "PrometheusRule",
          metadata: {
            name: "shop-alerts",
            namespace: "shop",
            labels: {
              "app.kubernetes.io/name": "shop-alerts",
              "app.kubernetes.io/managed-by": "pulumi",
              release: "kube-prometheus-stack",
            },
          },
          spec: {
            groups: [
              {
                name: "shop-alerts",
                rules: [
                  {
                    alert: "ShopFull",
                    expr: "shop_carts > 100",
                    for: "5m",
                    labels: { severity: "warning" },
                    annotations: {
                      summary: "The shop is full",
                      description: "{{ $value }} carts are open",
                      runbook_url: "https://example.org/runbooks/shop-full",
                    },
                  },
                ],
              },
            ],
          },
        },
      },
    ]);
  });

  test("names, labels and groups are the user's", async () => {
    const groups = [{ name: "shop", interval: "1m", rules: [rule()] }];
    const labels = { release: pulumi.output("prom") };
    await resolved(rules({ rules: undefined, groups: pulumi.output(groups), ruleName: "shop", labels }).ruleName);
    expect(registered[1]?.inputs).toMatchObject({
      metadata: { name: "shop", labels: { "app.kubernetes.io/name": "shop", release: "prom" } },
      spec: { groups: [{ name: "shop", interval: "1m", rules: [{ alert: "ShopFull" }] }] },
    });
  });

  test("all problems of all rules are one error, and nothing is registered for them", () => {
    const error = failure(() =>
      rules({
        rules: [
          rule({ expr: "sum(rate(shop_orders_total[5m]) > 1", summary: "" }),
          rule({ name: "B", expr: "shop_cart > 1", runbookUrl: "" }),
          rule({ name: "B", expr: "up == 0" }),
        ],
      }),
    );
    expect(error.problems.map(({ subject, message }) => `${subject}: ${message}`)).toEqual([
      "shop-alerts: alert B: two alerts have this name",
      "shop-alerts: alert ShopFull: the summary is empty",
      "shop-alerts: alert ShopFull expr: PromQL syntax error: the expression ends too early",
      "shop-alerts: alert B: the runbook is not a link",
      "shop-alerts: alert B expr: nothing exports the metric shop_cart (unknown-metric)",
      "shop-alerts: alert B expr: the alert does not fire when up has no series (vanished-target)",
    ]);
    expect(registered.filter(({ type }) => type.startsWith("kubernetes:"))).toEqual([]);
  });

  test("rules that are Outputs are checked as they resolve", async () => {
    const make = () => rules({ rules: pulumi.output([rule({ expr: "shop_cart > 1" })]) }).ruleName;
    expect(await rejection(make)).toContain("shop-alerts: alert ShopFull expr: nothing exports the metric shop_cart");
  });

  test("secret rules are refused", async () => {
    expect(await rejection(() => rules({ rules: pulumi.secret([rule()]) }).ruleName)).toContain(
      "shop-alerts.rules: a secret would be readable in the PrometheusRule",
    );
  });

  test("either rules or groups", () => {
    expect(failure(() => rules({ rules: undefined })).message).toContain("shop-alerts.rules: there are no rules");
    expect(failure(() => rules({ groups: [] })).message).toContain("there are both rules and groups");
  });

  test("the scrape interval decides about windows", () => {
    const expr = "sum(rate(shop_orders_total[2m])) > 1";
    expect(() => rules({ rules: [rule({ expr })] })).not.toThrow();
    expect(failure(() => rules({ rules: [rule({ expr })], scrapeInterval: "1m" })).message).toContain(
      "expected: at least 4m",
    );
    expect(failure(() => rules({ scrapeInterval: "often" })).message).toContain(
      "shop-alerts.scrapeInterval: not a duration",
    );
  });

  test("the catalogue is checked too", () => {
    const metrics = [{ name: "shop_orders", type: MetricType.Counter, help: "Orders", source: "shop" }];
    expect(failure(() => rules({ catalogue: { metrics } })).message).toContain("the name of a counter ends in _total");
  });
});

describe("Dashboard", () => {
  const dashboard = (overrides: Partial<DashboardArgs> = {}): Dashboard =>
    new Dashboard("shop", { namespace: "shop", title: "Shop", catalogue, panels, ...overrides });

  test("is one ConfigMap that Grafana's sidecar finds", async () => {
    const uid = dashboardUid("shop", "shop");
    const made = dashboard();
    expect(await resolved(made.uid)).toBe(uid);
    expect(await resolved(made.configMapName)).toBe("shop");
    expect(registered.map(({ type, name }) => [type, name])).toEqual([
      ["gatehouse:monitoring:Dashboard", "shop"],
      ["kubernetes:core/v1:ConfigMap", "shop-dashboard"],
    ]);
    const { metadata, data } = registered[1]?.inputs as { metadata: object; data: Record<string, string> };
    expect(metadata).toEqual({
      name: "shop",
      namespace: "shop",
      labels: { "app.kubernetes.io/name": "shop", "app.kubernetes.io/managed-by": "pulumi", grafana_dashboard: "1" },
    });
    expect(Object.keys(data)).toEqual([`${uid}.json`]);
    expect(JSON.parse(data[`${uid}.json`] ?? "")).toMatchObject({
      uid,
      title: "Shop",
      time: { from: "now-6h" },
      refresh: "1m",
      panels: [{ title: "Carts", interval: "30s" }],
    });
  });

  test("options", async () => {
    const labels = { grafana: "yes" };
    const options = {
      folder: "Shop",
      labels,
      timeRange: "1h",
      refresh: "5m",
      scrapeInterval: "15s",
      tags: ["a"],
      description: "b",
    };
    const made = dashboard({
      ...options,
      namespace: pulumi.output("other"),
      configMapName: "carts",
      panels: pulumi.output(panels),
    });
    expect(await resolved(made.configMapName)).toBe("carts");
    const { metadata, data } = registered[1]?.inputs as { metadata: object; data: Record<string, string> };
    expect(metadata).toMatchObject({
      name: "carts",
      namespace: "other",
      annotations: { grafana_folder: "Shop" },
      labels: { grafana: "yes" },
    });
    expect(metadata).not.toHaveProperty("labels.grafana_dashboard");
    expect(JSON.parse(data[`${dashboardUid("other", "carts")}.json`] ?? "")).toMatchObject({
      time: { from: "now-1h" },
      refresh: "5m",
      tags: ["a"],
      description: "b",
      panels: [{ interval: "15s" }],
    });
  });

  test("all problems of all panels are one error", () => {
    const bad = {
      title: "A",
      description: "",
      queries: [{ expr: "sum(shop_cart)" }, { expr: "rate(shop_orders_total[5m])" }],
    };
    const error = failure(() => dashboard({ panels: [...panels, bad] }));
    expect(error.problems.map(({ subject, message }) => `${subject}: ${message}`)).toEqual([
      'shop: panel "A": the description is empty',
      'shop: panel "A" query A: nothing exports the metric shop_cart (unknown-metric)',
      'shop: panel "A" query B: the rate is not summed (unsummed-rate)',
    ]);
    expect(failure(() => dashboard({ timeRange: "long" })).message).toContain("shop.timeRange: not a duration");
  });

  test("panels that are Outputs are checked as they resolve, and secret ones refused", async () => {
    const wrong = pulumi.output([{ ...panels[0], title: "" } as DashboardPanel]);
    expect(await rejection(() => dashboard({ panels: wrong }).configMapName)).toContain("the title is empty");
    expect(await rejection(() => dashboard({ panels: pulumi.secret(panels) }).configMapName)).toContain(
      "shop.panels: a secret would be readable in the dashboard's ConfigMap",
    );
  });

  test("a ConfigMap holds at most 1 MiB", async () => {
    const description = "x".repeat(1024 * 1024);
    const large = [{ ...panels[0], description } as DashboardPanel];
    const message = await rejection(() => dashboard({ panels: large }).configMapName);
    expect(message).toMatch(
      /^shop\.panels: the dashboard does not fit into a ConfigMap\n {2}value: {4}105\d{4} bytes\n/,
    );
  });
});

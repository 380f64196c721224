import { prometheusAdapterRules } from "@gatehouse/kubernetes";
import { expect, test } from "vitest";
import { autoscalerSpec, checkScaling, type ScalingArgs } from "../../src/workload/scaling/autoscaler.ts";

const metric = { metric: "http_requests_per_second", average: 100 };
const rule = { counter: "http_requests_total" };
const resources = { requests: { cpu: "2", memory: "4Gi" }, limits: { cpu: "3", memory: "5Gi" } };
const check = (scaling: Partial<ScalingArgs>) =>
  checkScaling("broker", { minReplicas: 3, maxReplicas: 20, ...scaling }, resources);

test("CPU, memory and a metric of the pods, in this order", () => {
  const scaling = { minReplicas: 3, maxReplicas: 20, cpuPercent: 70, memoryPercent: 80, podMetrics: [metric] };
  const resource = (name: string, averageUtilization: number) => ({
    type: "ContainerResource",
    containerResource: { name, container: "broker", target: { type: "Utilization", averageUtilization } },
  });
  expect(autoscalerSpec(scaling, "broker")).toEqual({
    minReplicas: 3,
    maxReplicas: 20,
    metrics: [
      resource("cpu", 70),
      resource("memory", 80),
      {
        type: "Pods",
        pods: {
          metric: { name: "http_requests_per_second" },
          target: { type: "AverageValue", averageValue: "100" },
        },
      },
    ],
    behavior: undefined,
  });
});

test("the adapter's rule makes a rate of the counter, pod by pod", () => {
  expect(JSON.parse(prometheusAdapterRules([rule]))).toEqual({
    rules: [
      {
        seriesQuery: 'http_requests_total{namespace!="",pod!=""}',
        resources: { overrides: { namespace: { resource: "namespace" }, pod: { resource: "pod" } } },
        name: { matches: "^http_requests_total$", as: "http_requests_per_second" },
        metricsQuery: "sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)",
      },
    ],
  });
  expect(prometheusAdapterRules([{ ...rule, window: "5m" }])).toContain("[5m]");
});

test("a metric of the pods is enough to go by", () => {
  expect(check({ podMetrics: [metric], adapterRules: [rule] })).toEqual([]);
});

test("a metric that no rule makes is refused", () => {
  expect(check({ podMetrics: [metric], adapterRules: [{ counter: "logins_total" }] })).toEqual([
    {
      subject: "broker.scaling.podMetrics[0].metric",
      message: "no adapter rule makes the metric, so the autoscaler would never know it",
      value: "http_requests_per_second",
      expected: "one of logins_per_second",
      fix: 'add adapterRules: [{ counter: "http_requests_total" }]',
    },
  ]);
});

test("an average of nothing, a metric twice and a gauge are refused", () => {
  const podMetrics = [{ ...metric, average: 0 }, metric];
  const problems = check({ podMetrics, adapterRules: [rule, { counter: "queue_length" }] });
  expect(problems.map(({ subject, value }) => [subject, value])).toEqual([
    ["broker.scaling.podMetrics[0].average", "0"],
    ["broker.scaling.podMetrics", "http_requests_per_second"],
    ["broker.scaling.adapterRules[1].counter", "queue_length"],
  ]);
});

import { Broker, Workload, type WorkloadArgs } from "@gatehouse/kubernetes";
import { AlertRules, platformMetrics, metricsCatalogue, Severity } from "@gatehouse/monitoring";
import * as pulumi from "@pulumi/pulumi";

const workload: WorkloadArgs = {
  namespace: "shop",
  image: "registry.example/shop:1.0.0",
  ports: [{ name: "http", port: 8080 }],
  readiness: { path: "/ready" },
  identity: { user: 1000 },
  resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "1", memory: "128Mi" } },
};

function alert(expr: string): void {
  new AlertRules("shop", {
    namespace: "shop",
    catalogue: metricsCatalogue(platformMetrics),
    rules: [
      {
        name: "ShopDown",
        expr,
        severity: Severity.Critical,
        summary: "The shop is closed",
        description: "Nobody can buy anything.",
        runbookUrl: "https://runbooks.example/shop",
      },
    ],
  });
}

const programs: Record<string, () => void> = {
  "same-name": () => {
    new Workload("shop", workload);
    new Workload("shop", workload, { parent: new pulumi.ComponentResource("test:index:Other", "other") });
  },
  "same-urn": () => {
    new Workload("shop", workload);
    new Workload("shop", workload);
  },
  "secret-variable": () => {
    const values = { API_TOKEN: pulumi.secret("correct-horse-battery-staple") };
    new Workload("shop", { ...workload, environment: { values } });
  },
  "policy-form": () => {
    const files = { "checkout.rego": "package shop.checkout\n\ndefault allow := false\n\nallow if {\n\tinput.open\n" };
    new Broker("shop", { ...workload, policy: { files, entryPoint: "shop/checkout/allow" } });
  },
  "policy-type": () => {
    const files = {
      "checkout.rego": "package shop.checkout\n\ndefault allow := false\n\nallow if {\n\tcount(1) == 1\n}\n",
    };
    new Broker("shop", { ...workload, policy: { files, entryPoint: "shop/checkout/allow" } });
  },
  "alert-syntax": () => {
    alert("sum(rate(up[5m]) > 1");
  },
  "alert-metric": () => {
    alert("max(kube_deployment_status_replicas_availabel) < 1");
  },
};

programs[pulumi.getStack()]?.();

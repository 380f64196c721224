/** As many Kubernetes objects as BENCH_RESOURCES says: ConfigMaps, and Deployments that read them. */
import * as corev1 from "@pulumi/kubernetes/core/v1/index.js";
import * as appsv1 from "@pulumi/kubernetes/apps/v1/index.js";

const resources = Number(process.env.BENCH_RESOURCES ?? "100");
const defect = process.env.BENCH_DEFECT ?? "";

for (let index = 0; index < resources / 2; index++) {
  const name = `app-${String(index)}`;
  const labels = { "app.kubernetes.io/name": name };
  const settings = new corev1.ConfigMap(`${name}-settings`, {
    metadata: { name: `${name}-settings`, namespace: "bench", labels },
    data: { LOG_LEVEL: "info", INDEX: String(index) },
  });
  new appsv1.Deployment(name, {
    metadata: { name, namespace: "bench", labels },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: "app",
              image: "registry.example.com/app:1.0.0",
              envFrom: [{ configMapRef: { name: settings.metadata.name } }],
              resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "64Mi" } },
              readinessProbe: { httpGet: { path: "/ready", port: 8080 } },
            },
          ],
        },
      },
    },
  });
}

if (defect === "pending") {
  new corev1.ConfigMap("pending", { data: { never: new Promise<string>(() => undefined) } });
}
if (defect === "leak") {
  // Nobody awaits it, and it fails when the program has ended.
  void new Promise((_, reject) => setTimeout(reject, 10, new Error("a leaked error")));
}

import * as pulumi from "@pulumi/pulumi";
import * as corev1 from "@pulumi/kubernetes/core/v1/index.js";
import * as appsv1 from "@pulumi/kubernetes/apps/v1/index.js";

const config = new pulumi.Config();
const ns = new corev1.Namespace("ns", { metadata: { name: config.require("name") } });
const secret = new corev1.Secret("secret", {
  metadata: { namespace: ns.metadata.name },
  stringData: { token: config.requireSecret("token"), user: "admin-user" },
});
const app = new appsv1.Deployment("app", {
  metadata: { name: "app", namespace: ns.metadata.name },
  spec: {
    replicas: config.requireNumber("replicas"),
    selector: { matchLabels: { app: "app" } },
    template: {
      metadata: { labels: { app: "app" } },
      spec: {
        containers: [{ name: "app", image: "nginx:1", envFrom: [{ secretRef: { name: secret.metadata.name } }] }],
      },
    },
  },
});
export const appId = app.id;
export const uid = app.metadata.uid;

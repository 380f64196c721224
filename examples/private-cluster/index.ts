import { podDefaults, RestrictedNamespace, TaintEffect, Workload } from "@gatehouse/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const image = new pulumi.Config().require("image");
const resources = { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "500m", memory: "256Mi" } };

// All pods of the program, whichever component makes them.
podDefaults({
  imagePullSecrets: ["registry"],
  nodeSelector: { pool: "business" },
  tolerations: [{ key: "dedicated", value: "business", effect: TaintEffect.NoSchedule }],
  priorityClass: "business",
});

const { namespace } = new RestrictedNamespace("ledger");

export const { serviceName } = new Workload("ledger", {
  namespace,
  image,
  ports: [{ name: "http", port: 8080, servicePort: 80 }],
  identity: { user: 10001 },
  resources,
  readiness: { path: "/ready" },
  pods: { initContainers: [{ name: "index", image, command: ["ledger", "build-index"], resources }] },
});

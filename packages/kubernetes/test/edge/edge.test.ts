import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Edge } from "../../src/edge/edge.ts";
import { GatewayImplementation } from "../../src/edge/args/gatewayArgs.ts";
import { edgeTimeoutSeconds, keepAliveSeconds } from "../../src/edge/args/timeouts.ts";
import { dns } from "../support/examples.ts";
import { refusal } from "../support/record.ts";
import { Workload } from "@gatehouse/kubernetes";
import { AlbScheme } from "../../src/edge/args/albArgs.ts";
import { BackendProtocol, type EdgeArgs, EdgeKind, PathMatch } from "../../src/edge/args/edgeArgs.ts";

interface Recorded {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

let recorded: Recorded[] = [];

beforeEach(async () => {
  recorded = [];
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs, id }) => {
      recorded.push({ type, name, inputs: inputs as Record<string, unknown> });
      return { id: id ?? name, state: inputs as Record<string, unknown> };
    },
    call: () => ({}),
  });
});

// A new monitor must not come while the former still has calls in flight.
afterEach(() => pulumi.runtime.disconnect());

function value<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

/** The edge's address, and the objects that it consists of, by their Pulumi names. */
async function deploy(args: EdgeArgs): Promise<{ url: string; objects: Record<string, Record<string, unknown>> }> {
  const url = await value(new Edge("shield", args).url);
  const objects = recorded.filter(({ type }) => type.startsWith("kubernetes:"));
  return { url, objects: Object.fromEntries(objects.map(({ name, inputs }) => [name, inputs])) };
}

const labels = { "app.kubernetes.io/name": "shield", "app.kubernetes.io/managed-by": "pulumi" };

const shield: EdgeArgs = {
  kind: EdgeKind.Nginx,
  namespace: "shield",
  hosts: ["api.materi.dev"],
  routes: [
    { path: "/auth" },
    { path: "/api/users", match: PathMatch.Prefix },
    { path: "/api/workspaces" },
    { path: "/.well-known/jwks.json", match: PathMatch.Exact },
  ],
  serviceName: "shield",
  servicePort: 80,
  tls: { secretName: "shield-tls", clusterIssuer: "letsencrypt-prod" },
  rateLimit: { requestsPerMinute: 100 },
};

const atb: EdgeArgs = {
  kind: EdgeKind.Nginx,
  namespace: "atb",
  hosts: ["atb.example.com"],
  routes: [{ path: "/" }],
  serviceName: "atb-broker",
  servicePort: 8443,
  tlsPassthrough: true,
};

const certificateArn = "arn:aws:acm:us-west-2:123456789012:certificate/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";
const wafAclArn = "arn:aws:wafv2:us-west-2:123456789012:regional/webacl/airlock/3ab78708-85b0-49d3-b4e1-7a9615a6613b";

const airlock: EdgeArgs = {
  kind: EdgeKind.Alb,
  namespace: "mcp-airlock",
  hosts: ["mcp-airlock.your-org.com"],
  routes: [{ path: "/" }],
  serviceName: "airlock",
  servicePort: 8080,
  tls: { certificateArn },
  alb: {
    scheme: AlbScheme.InternetFacing,
    subnetCidrs: ["10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24"],
    healthPath: "/health/ready",
  },
};

function service(name: string, number: number): object {
  return { service: { name, port: { number } } };
}

describe("on ingress-nginx", () => {
  it("is one Ingress with the routes, the certificate and the rate limit", async () => {
    const { url, objects } = await deploy(shield);

    expect(url).toBe("https://api.materi.dev");
    expect(Object.keys(objects).sort()).toEqual(["shield-acme-solver-policy", "shield-ingress"]);
    expect(objects).toMatchObject({
      "shield-ingress": {
        apiVersion: "networking.k8s.io/v1",
        kind: "Ingress",
        metadata: {
          name: "shield",
          namespace: "shield",
          labels,
          annotations: {
            "cert-manager.io/cluster-issuer": "letsencrypt-prod",
            "nginx.ingress.kubernetes.io/force-ssl-redirect": "true",
            "nginx.ingress.kubernetes.io/proxy-read-timeout": "35",
            "nginx.ingress.kubernetes.io/proxy-send-timeout": "35",
            "nginx.ingress.kubernetes.io/limit-rpm": "100",
            "nginx.ingress.kubernetes.io/limit-burst-multiplier": "1",
          },
        },
        spec: {
          ingressClassName: "nginx",
          tls: [{ hosts: ["api.materi.dev"], secretName: "shield-tls" }],
          rules: [
            {
              host: "api.materi.dev",
              http: {
                paths: [
                  { path: "/auth", pathType: "Prefix", backend: service("shield", 80) },
                  { path: "/api/users", pathType: "Prefix", backend: service("shield", 80) },
                  { path: "/api/workspaces", pathType: "Prefix", backend: service("shield", 80) },
                  { path: "/.well-known/jwks.json", pathType: "Exact", backend: service("shield", 80) },
                ],
              },
            },
          ],
        },
      },
    });
  });

  it("passes TLS through with no certificate of its own", async () => {
    const { objects } = await deploy(atb);

    expect(objects["shield-ingress"]).toMatchObject({
      metadata: {
        annotations: {
          "nginx.ingress.kubernetes.io/force-ssl-redirect": "true",
          "nginx.ingress.kubernetes.io/backend-protocol": "HTTPS",
          "nginx.ingress.kubernetes.io/ssl-passthrough": "true",
        },
      },
    });
    expect(objects["shield-ingress"]?.["spec"]).toEqual({
      ingressClassName: "nginx",
      rules: [
        {
          host: "atb.example.com",
          http: { paths: [{ path: "/", pathType: "Prefix", backend: service("atb-broker", 8443) }] },
        },
      ],
    });
  });

  it("serves each host by its own rule, and takes the options of its kind", async () => {
    const { url, objects } = await deploy({
      ...shield,
      hosts: ["api.materi.dev", "*.tenants.materi.dev"],
      routes: [{ path: "/" }],
      backendProtocol: BackendProtocol.Https,
      nginx: { className: "nginx-public", burstMultiplier: 3 },
      labels: { team: "identity" },
    });
    const paths = [{ path: "/", pathType: "Prefix", backend: service("shield", 80) }];

    expect(url).toBe("https://api.materi.dev");
    expect(objects["shield-ingress"]).toMatchObject({
      metadata: {
        labels: { ...labels, team: "identity" },
        annotations: {
          "nginx.ingress.kubernetes.io/backend-protocol": "HTTPS",
          "nginx.ingress.kubernetes.io/limit-burst-multiplier": "3",
        },
      },
      spec: {
        ingressClassName: "nginx-public",
        tls: [{ hosts: ["api.materi.dev", "*.tenants.materi.dev"], secretName: "shield-tls" }],
        rules: [
          { host: "api.materi.dev", http: { paths } },
          { host: "*.tenants.materi.dev", http: { paths } },
        ],
      },
    });
  });

  it("writes no annotation that the controller does not know", async () => {
    // From the controller's annotation reference; those of a rate limit are explained there, not listed.
    const known = [
      "backend-protocol",
      "force-ssl-redirect",
      "limit-allowlist",
      "limit-burst-multiplier",
      "limit-connections",
      "limit-rate",
      "limit-rate-after",
      "limit-rpm",
      "limit-rps",
      "preserve-trailing-slash",
      "proxy-body-size",
      "proxy-buffer-size",
      "proxy-read-timeout",
      "proxy-send-timeout",
      "ssl-passthrough",
      "ssl-redirect",
    ].map((name) => `nginx.ingress.kubernetes.io/${name}`);
    const sizes = { body: "8Mi", responseHeaders: "16Ki" };
    await deploy({ ...shield, sizes, backendProtocol: BackendProtocol.Https });
    await deploy({ ...atb, namespace: "other" });

    const written = recorded.flatMap(({ inputs }) => {
      const { annotations = {} } = (inputs["metadata"] ?? {}) as { annotations?: Record<string, string> };
      return Object.keys(annotations);
    });
    expect(new Set(written.filter((name) => !known.includes(name)))).toEqual(
      new Set(["cert-manager.io/cluster-issuer"]),
    );
    expect(new Set(written).size).toBe(10);
  });
});

describe("one request timeout drives the edge's own", () => {
  it("on nginx", async () => {
    const { objects } = await deploy({ ...shield, requestTimeoutSeconds: 120 });
    expect(objects["shield-ingress"]).toMatchObject({
      metadata: {
        annotations: {
          "nginx.ingress.kubernetes.io/proxy-read-timeout": "125",
          "nginx.ingress.kubernetes.io/proxy-send-timeout": "125",
        },
      },
    });
  });

  it("on Envoy Gateway", async () => {
    const args = { ...shield, kind: EdgeKind.Gateway, gateway: { className: "eg" }, rateLimit: undefined };
    const { objects } = await deploy({ ...args, requestTimeoutSeconds: 120, sizes: { body: "8Mi" } });
    expect(objects["shield-route"]).toMatchObject({ spec: { rules: [{ timeouts: { request: "125s" } }] } });
    expect(objects["shield-traffic-policy"]?.["spec"]).toEqual({
      targetRefs: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: "shield" }],
      timeout: { http: { connectionIdleTimeout: "125s" } },
      requestBuffer: { limit: "8Mi" },
    });
  });

  it("on another implementation only if it supports it", async () => {
    const other = { className: "cilium", implementation: GatewayImplementation.Other, dataPlaneNamespace: "cilium" };
    const args = { ...shield, kind: EdgeKind.Gateway, rateLimit: undefined, tls: { secretName: "shield-tls" } };
    const without = await deploy({ ...args, gateway: other });
    expect(Object.keys(without.objects).sort()).toEqual(["shield-gateway", "shield-redirect", "shield-route"]);
    const [rule] = (without.objects["shield-route"]?.["spec"] as { rules: object[] }).rules;
    expect(rule).not.toHaveProperty("timeouts");
  });

  it("on an ALB: idle time and deregistration", async () => {
    const { objects } = await deploy({ ...airlock, requestTimeoutSeconds: 120 });
    expect(objects["shield-ingress"]).toMatchObject({
      metadata: {
        annotations: {
          "alb.ingress.kubernetes.io/target-group-attributes": "deregistration_delay.timeout_seconds=120",
          "alb.ingress.kubernetes.io/load-balancer-attributes":
            "deletion_protection.enabled=true,idle_timeout.timeout_seconds=125,routing.http.drop_invalid_header_fields.enabled=true",
        },
      },
    });
  });

  it("and the server keeps an idle connection longer than any of them", () => {
    expect([keepAliveSeconds(), keepAliveSeconds(30), keepAliveSeconds(55), keepAliveSeconds(120)]).toEqual([
      75, 75, 75, 140,
    ]);
    expect([edgeTimeoutSeconds(), edgeTimeoutSeconds(120)]).toEqual([35, 125]);
  });
});

describe("sizes on nginx", () => {
  it.each([
    ["8Mi", "8m"],
    ["16Ki", "16k"],
    ["1500", "1500"],
    ["1M", "1000000"],
    ["1Gi", "1024m"],
    ["512k", "500k"],
  ])("%s is %s", async (size, written) => {
    const { objects } = await deploy({ ...shield, sizes: { body: size, responseHeaders: size } });
    expect(objects["shield-ingress"]).toMatchObject({
      metadata: {
        annotations: {
          "nginx.ingress.kubernetes.io/proxy-body-size": written,
          "nginx.ingress.kubernetes.io/proxy-buffer-size": written,
        },
      },
    });
  });
});

describe("further annotations", () => {
  const annotations = { "external-dns.alpha.kubernetes.io/ttl": "60" };

  it("are on the Ingress, or on the Gateway and its routes", async () => {
    const onIngress = await deploy({ ...shield, annotations });
    expect(onIngress.objects["shield-ingress"]).toMatchObject({ metadata: { annotations } });
    const gateway = { kind: EdgeKind.Gateway, namespace: "other", gateway: { className: "eg" } };
    const onGateway = await deploy({ ...shield, ...gateway, annotations });
    for (const part of ["gateway", "route", "redirect"])
      expect(onGateway.objects[`shield-${part}`]).toMatchObject({ metadata: { annotations } });
  });

  it("cannot be those that the edge sets itself", () => {
    const own = { "nginx.ingress.kubernetes.io/proxy-read-timeout": "600" };
    expect(() => new Edge("shield", { ...shield, annotations: { ...annotations, ...own } })).toThrow(
      [
        "shield (Edge).annotations: the edge sets this annotation itself",
        "  value:    nginx.ingress.kubernetes.io/proxy-read-timeout",
        "  expected: annotations that have no option",
        "  fix:      remove it, and use the edge's option",
      ].join("\n"),
    );
  });
});

describe("network policies of the edge", () => {
  const workload = {
    namespace: "shield",
    image: "registry.example.com/shield:2.1.0",
    ports: [{ name: "http", port: 8000, servicePort: 80 }],
    resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "1", memory: "256Mi" } },
    readiness: { path: "/ready" },
    identity: { user: 10001 },
    shutdown: { requestTimeoutSeconds: 90 },
  };
  const namespaceIs = (name: string) => ({
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
  });

  it("with a target, one admits it to the pods, and the port and the timeout are the workload's", async () => {
    const { serviceName, servicePort, ...declared } = shield;
    const { target } = new Workload("shield", workload);
    expect({ ...target, serviceName: await value(pulumi.output(target.serviceName)) }).toEqual({
      serviceName: "shield",
      servicePort: 80,
      pods: { namespace: "shield", labels: { "app.kubernetes.io/name": "shield" } },
      port: 8000,
      requestTimeoutSeconds: 90,
      gracePeriodSeconds: 105,
    });
    const { objects } = await deploy({ ...declared, target });

    expect(objects["shield-edge-policy"]).toEqual({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "shield-edge", namespace: "shield", labels },
      spec: {
        podSelector: { matchLabels: { "app.kubernetes.io/name": "shield" } },
        policyTypes: ["Ingress"],
        ingress: [{ from: [namespaceIs("ingress-nginx")], ports: [{ protocol: "TCP", port: 8000 }] }],
      },
    });
    expect(objects["shield-ingress"]).toMatchObject({
      metadata: { annotations: { "nginx.ingress.kubernetes.io/proxy-read-timeout": "95" } },
      spec: { rules: [{ http: { paths: [{ backend: service("shield", 80) }, {}, {}, {}] } }] },
    });
  });

  it.each([
    [{ ...shield }, { from: [namespaceIs("ingress-nginx")] }],
    [{ ...shield, nginx: { controllerNamespace: "edge" } }, { from: [namespaceIs("edge")] }],
    [
      { ...shield, kind: EdgeKind.Gateway, gateway: { className: "eg" } },
      { from: [namespaceIs("envoy-gateway-system")] },
    ],
    [
      {
        ...shield,
        kind: EdgeKind.Gateway,
        rateLimit: undefined,
        gateway: {
          className: "gke-l7-global-external-managed",
          implementation: GatewayImplementation.Other,
          dataPlaneCidrs: ["130.211.0.0/22", "35.191.0.0/16"],
        },
      },
      { from: [{ ipBlock: { cidr: "130.211.0.0/22" } }, { ipBlock: { cidr: "35.191.0.0/16" } }] },
    ],
  ])("with an issuer, one admits it to the solver pods of HTTP-01 challenges", async (args, peers) => {
    const { objects } = await deploy(args);
    expect(objects["shield-acme-solver-policy"]).toEqual({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: {
        name: "shield-acme-solver",
        namespace: "shield",
        labels: { ...labels, "app.kubernetes.io/name": "shield-acme-solver" },
      },
      spec: {
        podSelector: { matchLabels: { "acme.cert-manager.io/http01-solver": "true" } },
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ ...peers, ports: [{ protocol: "TCP", port: 8089 }] }],
        egress: [dns],
      },
    });
  });

  it("of an ALB whose subnets are known only once they exist", async () => {
    const { serviceName, servicePort, alb, ...declared } = airlock;
    const target = { serviceName: "airlock", servicePort: 80, pods: { namespace: "mcp-airlock" }, port: 8080 };
    const subnetCidrs = pulumi.output([pulumi.output("10.0.1.0/24"), "10.0.2.0/24"]);
    await deploy({ ...declared, target, alb: { healthPath: "/ready", subnetCidrs } });
    await pulumi.runtime.disconnect();
    const policy = recorded.find(({ name }) => name === "shield-edge-policy");
    expect(policy?.inputs["spec"]).toMatchObject({
      ingress: [
        {
          from: [{ ipBlock: { cidr: "10.0.1.0/24" } }, { ipBlock: { cidr: "10.0.2.0/24" } }],
          ports: [{ protocol: "TCP", port: 8080 }],
        },
      ],
    });
  });

  it("without an issuer, there is no such policy", async () => {
    const { objects } = await deploy({ ...shield, tls: { secretName: "shield-tls" } });
    expect(Object.keys(objects)).toEqual(["shield-ingress"]);
  });
});

describe("on Gateway API", () => {
  const gateway: EdgeArgs = { ...shield, kind: EdgeKind.Gateway, gateway: { className: "eg" } };
  const own = { namespace: "shield", labels };

  it("is its own Gateway, a route, a redirect and a traffic policy", async () => {
    const { url, objects } = await deploy(gateway);

    expect(url).toBe("https://api.materi.dev");
    expect(Object.keys(objects).sort()).toEqual([
      "shield-acme-solver-policy",
      "shield-gateway",
      "shield-redirect",
      "shield-route",
      "shield-traffic-policy",
    ]);
    expect(objects["shield-gateway"]).toEqual({
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "Gateway",
      metadata: { ...own, name: "shield", annotations: { "cert-manager.io/cluster-issuer": "letsencrypt-prod" } },
      spec: {
        gatewayClassName: "eg",
        listeners: [
          { name: "http", port: 80, protocol: "HTTP", allowedRoutes: { namespaces: { from: "Same" } } },
          {
            name: "https.api.materi.dev",
            hostname: "api.materi.dev",
            port: 443,
            protocol: "HTTPS",
            tls: { mode: "Terminate", certificateRefs: [{ kind: "Secret", name: "shield-tls" }] },
            allowedRoutes: { namespaces: { from: "Same" } },
          },
        ],
      },
    });
    expect(objects["shield-route"]).toEqual({
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "HTTPRoute",
      metadata: { ...own, name: "shield" },
      spec: {
        parentRefs: [{ name: "shield", sectionName: "https.api.materi.dev" }],
        hostnames: ["api.materi.dev"],
        rules: [
          {
            matches: [
              { path: { type: "PathPrefix", value: "/auth" } },
              { path: { type: "PathPrefix", value: "/api/users" } },
              { path: { type: "PathPrefix", value: "/api/workspaces" } },
              { path: { type: "Exact", value: "/.well-known/jwks.json" } },
            ],
            backendRefs: [{ name: "shield", port: 80 }],
            timeouts: { request: "35s" },
          },
        ],
      },
    });
    expect(objects["shield-redirect"]).toEqual({
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "HTTPRoute",
      metadata: { ...own, name: "shield-redirect" },
      spec: {
        parentRefs: [{ name: "shield", sectionName: "http" }],
        hostnames: ["api.materi.dev"],
        rules: [{ filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } }] }],
      },
    });
  });

  it("limits each address over all routes together, of IPv4 and of IPv6", async () => {
    const { objects } = await deploy(gateway);

    expect(objects["shield-traffic-policy"]).toEqual({
      apiVersion: "gateway.envoyproxy.io/v1alpha1",
      kind: "BackendTrafficPolicy",
      metadata: { ...own, name: "shield" },
      spec: {
        targetRefs: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: "shield" }],
        timeout: { http: { connectionIdleTimeout: "60s" } },
        rateLimit: {
          type: "Global",
          global: {
            rules: [
              {
                clientSelectors: [{ sourceCIDR: { type: "Distinct", value: "0.0.0.0/0" } }],
                limit: { requests: 100, unit: "Minute" },
                shared: true,
              },
              {
                clientSelectors: [{ sourceCIDR: { type: "Distinct", value: "::/0" } }],
                limit: { requests: 100, unit: "Minute" },
                shared: true,
              },
            ],
          },
        },
      },
    });
  });

  it("gives each host a listener of its own, by which the route attaches", async () => {
    const { objects } = await deploy({ ...gateway, hosts: ["api.materi.dev", "wildcard.materi.dev", "*.materi.dev"] });

    expect(objects["shield-gateway"]).toMatchObject({
      spec: {
        listeners: [
          { name: "http" },
          { name: "https.api.materi.dev", hostname: "api.materi.dev" },
          { name: "https.wildcard.materi.dev", hostname: "wildcard.materi.dev" },
          { name: "https-wildcard.materi.dev", hostname: "*.materi.dev" },
        ],
      },
    });
    expect(objects["shield-route"]).toMatchObject({
      spec: {
        parentRefs: [
          { name: "shield", sectionName: "https.api.materi.dev" },
          { name: "shield", sectionName: "https.wildcard.materi.dev" },
          { name: "shield", sectionName: "https-wildcard.materi.dev" },
        ],
        hostnames: ["api.materi.dev", "wildcard.materi.dev", "*.materi.dev"],
      },
    });
  });

  it("attaches to one listener of an existing Gateway", async () => {
    const existing = { name: "public", namespace: "gateways", sectionName: "https" };
    const { objects } = await deploy({ ...gateway, tls: undefined, rateLimit: undefined, gateway: { existing } });

    expect(Object.keys(objects).sort()).toEqual(["shield-route", "shield-traffic-policy"]);
    expect(objects["shield-traffic-policy"]).toMatchObject({ spec: { mergeType: "StrategicMerge" } });
    expect(objects["shield-route"]).toMatchObject({
      spec: { parentRefs: [{ name: "public", namespace: "gateways", sectionName: "https" }] },
    });
  });

  it("redirects on an existing Gateway's listener for plain HTTP", async () => {
    const existing = { name: "public", namespace: "gateways", sectionName: "https", httpSectionName: "http" };
    const { objects } = await deploy({ ...gateway, tls: undefined, rateLimit: undefined, gateway: { existing } });

    expect(Object.keys(objects).sort()).toEqual(["shield-redirect", "shield-route", "shield-traffic-policy"]);
    expect(objects["shield-redirect"]).toMatchObject({
      spec: { parentRefs: [{ name: "public", namespace: "gateways", sectionName: "http" }] },
    });
  });

  it("passes TLS through by a TLSRoute, and listens for nothing else", async () => {
    const { objects } = await deploy({ ...atb, kind: EdgeKind.Gateway, gateway: { className: "eg" } });

    expect(Object.keys(objects).sort()).toEqual(["shield-gateway", "shield-route"]);
    expect(objects["shield-gateway"]).toEqual({
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "Gateway",
      metadata: { name: "shield", namespace: "atb", labels },
      spec: {
        gatewayClassName: "eg",
        listeners: [
          {
            name: "tls.atb.example.com",
            hostname: "atb.example.com",
            port: 443,
            protocol: "TLS",
            tls: { mode: "Passthrough" },
            allowedRoutes: { namespaces: { from: "Same" } },
          },
        ],
      },
    });
    expect(objects["shield-route"]).toEqual({
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "TLSRoute",
      metadata: { name: "shield", namespace: "atb", labels },
      spec: {
        parentRefs: [{ name: "shield", sectionName: "tls.atb.example.com" }],
        hostnames: ["atb.example.com"],
        rules: [{ backendRefs: [{ name: "atb-broker", port: 8443 }] }],
      },
    });
  });

  it("writes the version of TLSRoute that the cluster serves", async () => {
    const options = { className: "eg", tlsRouteVersion: "v1alpha2" };
    const { objects } = await deploy({ ...atb, kind: EdgeKind.Gateway, gateway: options });

    expect(objects["shield-route"]?.["apiVersion"]).toBe("gateway.networking.k8s.io/v1alpha2");
  });
});

describe("on an ALB", () => {
  it("is one Ingress without a Secret", async () => {
    const { url, objects } = await deploy(airlock);

    expect(url).toBe("https://mcp-airlock.your-org.com");
    expect(objects).toEqual({
      "shield-ingress": {
        apiVersion: "networking.k8s.io/v1",
        kind: "Ingress",
        metadata: {
          name: "shield",
          namespace: "mcp-airlock",
          labels,
          annotations: {
            "alb.ingress.kubernetes.io/scheme": "internet-facing",
            "alb.ingress.kubernetes.io/target-type": "ip",
            "alb.ingress.kubernetes.io/listen-ports": '[{"HTTP":80},{"HTTPS":443}]',
            "alb.ingress.kubernetes.io/ssl-redirect": "443",
            "alb.ingress.kubernetes.io/ssl-policy": "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
            "alb.ingress.kubernetes.io/certificate-arn": certificateArn,
            "alb.ingress.kubernetes.io/healthcheck-path": "/health/ready",
            "alb.ingress.kubernetes.io/target-group-attributes": "deregistration_delay.timeout_seconds=30",
            "alb.ingress.kubernetes.io/load-balancer-attributes":
              "deletion_protection.enabled=true,idle_timeout.timeout_seconds=60,routing.http.drop_invalid_header_fields.enabled=true",
          },
        },
        spec: {
          ingressClassName: "alb",
          rules: [
            {
              host: "mcp-airlock.your-org.com",
              http: { paths: [{ path: "/", pathType: "Prefix", backend: service("airlock", 8080) }] },
            },
          ],
        },
      },
    });
  });

  it("takes the options of its kind, among them Outputs", async () => {
    const { objects } = await deploy({
      ...airlock,
      backendProtocol: BackendProtocol.Https,
      tls: { certificateArn: pulumi.output(certificateArn) },
      rateLimit: { requestsPerMinute: 100 },
      alb: {
        subnetCidrs: [pulumi.output("10.0.1.0/24")],
        healthPath: "/ready",
        className: "alb-shared",
        sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06",
        deregistrationDelaySeconds: 45,
        gracePeriodSeconds: 45,
        deletionProtection: false,
        wafAclArn: pulumi.output(wafAclArn),
      },
    });

    expect(objects["shield-ingress"]).toMatchObject({
      metadata: {
        annotations: {
          "alb.ingress.kubernetes.io/scheme": "internal",
          "alb.ingress.kubernetes.io/ssl-policy": "ELBSecurityPolicy-TLS13-1-3-2021-06",
          "alb.ingress.kubernetes.io/certificate-arn": certificateArn,
          "alb.ingress.kubernetes.io/wafv2-acl-arn": wafAclArn,
          "alb.ingress.kubernetes.io/backend-protocol": "HTTPS",
          "alb.ingress.kubernetes.io/healthcheck-protocol": "HTTPS",
          "alb.ingress.kubernetes.io/healthcheck-path": "/ready",
          "alb.ingress.kubernetes.io/target-group-attributes": "deregistration_delay.timeout_seconds=45",
          "alb.ingress.kubernetes.io/load-balancer-attributes":
            "deletion_protection.enabled=false,idle_timeout.timeout_seconds=60,routing.http.drop_invalid_header_fields.enabled=true",
        },
      },
      spec: { ingressClassName: "alb-shared" },
    });
  });

  it("refuses a certificate that is not one of ACM", () => {
    const tls = { certificateArn: "arn:aws:acm:us-west-2:123456789012:certificate/..." };
    expect(() => new Edge("airlock", { ...airlock, tls })).toThrow(
      [
        "airlock (Edge).tls.certificateArn: not the ARN of an ACM certificate",
        "  value:    arn:aws:acm:us-west-2:123456789012:certificate/...",
        "  expected: arn:aws:acm:<region>:<account>:certificate/<id>",
      ].join("\n"),
    );
  });

  it("refuses a web ACL of CloudFront", () => {
    const alb = {
      subnetCidrs: ["10.0.1.0/24"],
      healthPath: "/ready",
      wafAclArn: "arn:aws:wafv2:us-east-1:123456789012:global/webacl/edge/3ab78708-85b0-49d3-b4e1-7a9615a6613b",
    };
    expect(() => new Edge("airlock", { ...airlock, alb })).toThrow(
      [
        "airlock (Edge).alb.wafAclArn: not the ARN of a web ACL that an ALB can use",
        "  value:    arn:aws:wafv2:us-east-1:123456789012:global/webacl/edge/3ab78708-85b0-49d3-b4e1-7a9615a6613b",
        "  expected: a regional web ACL of WAFv2: arn:aws:wafv2:<region>:<account>:regional/webacl/<name>/<id>",
      ].join("\n"),
    );
  });
});

it("makes nothing of a declaration that is wrong, and says all that is wrong with it", () => {
  expect(() => new Edge("shield", { ...shield, hosts: [], routes: [] })).toThrow(
    [
      "2 problems",
      "",
      "shield (Edge).hosts: without a host, the edge would take the requests of every host",
      "  expected: at least one host",
      "",
      "shield (Edge).routes: the edge has no routes, so it serves nothing",
      "  expected: at least one route",
    ].join("\n"),
  );
  expect(recorded.filter(({ type }) => type.startsWith("kubernetes:"))).toEqual([]);
});

it("has all its objects as children, under names that stay", async () => {
  const seen: string[] = [];
  const gateway: EdgeArgs = { ...shield, kind: EdgeKind.Gateway, gateway: { className: "eg" } };
  // Children inherit their parent's transformations.
  const transformations: pulumi.ResourceTransformation[] = [({ name }) => void seen.push(name)];
  await value(new Edge("shield", gateway, { transformations }).url);

  expect(seen).toEqual([
    "shield",
    "shield-gateway",
    "shield-route",
    "shield-redirect",
    "shield-traffic-policy",
    "shield-acme-solver",
    "shield-acme-solver-policy",
  ]);
});

it("does not overwrite another edge's objects", async () => {
  const message = await refusal(() => {
    new Edge("shield", shield);
    new Edge("shield", shield);
  });
  expect(message).toBe(
    [
      "shield (Edge): shield (Edge) has already made the Ingress of this name",
      "  value:    shield/shield",
      "  expected: one owner for each object",
      "  fix:      give one of the two components another name or another namespace",
    ].join("\n"),
  );
});

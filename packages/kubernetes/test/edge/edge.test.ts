import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Edge } from "../../src/edge/edge.ts";
import { AlbScheme } from "../../src/edge/alb.ts";
import { BackendProtocol, type EdgeArgs, EdgeKind, PathMatch } from "../../src/edge/edgeArgs.ts";

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
    expect(objects).toEqual({
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
      "ssl-passthrough",
      "ssl-redirect",
    ].map((name) => `nginx.ingress.kubernetes.io/${name}`);
    await deploy({ ...shield, backendProtocol: BackendProtocol.Https });
    await deploy({ ...atb, namespace: "other" });

    const written = recorded.flatMap(({ inputs }) => {
      const { annotations = {} } = (inputs["metadata"] ?? {}) as { annotations?: Record<string, string> };
      return Object.keys(annotations);
    });
    expect(new Set(written.filter((name) => !known.includes(name)))).toEqual(
      new Set(["cert-manager.io/cluster-issuer"]),
    );
    expect(new Set(written).size).toBe(6);
  });
});

describe("on Gateway API", () => {
  const gateway: EdgeArgs = { ...shield, kind: EdgeKind.Gateway, gateway: { className: "eg" } };
  const own = { namespace: "shield", labels };

  it("is a Gateway of its own, a route, a redirect and a rate limit", async () => {
    const { url, objects } = await deploy(gateway);

    expect(url).toBe("https://api.materi.dev");
    expect(Object.keys(objects).sort()).toEqual([
      "shield-gateway",
      "shield-rate-limit",
      "shield-redirect",
      "shield-route",
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

    expect(objects["shield-rate-limit"]).toEqual({
      apiVersion: "gateway.envoyproxy.io/v1alpha1",
      kind: "BackendTrafficPolicy",
      metadata: { ...own, name: "shield" },
      spec: {
        targetRefs: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: "shield" }],
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

    expect(Object.keys(objects)).toEqual(["shield-route"]);
    expect(objects["shield-route"]).toMatchObject({
      spec: { parentRefs: [{ name: "public", namespace: "gateways", sectionName: "https" }] },
    });
  });

  it("redirects on an existing Gateway's listener for plain HTTP", async () => {
    const existing = { name: "public", namespace: "gateways", sectionName: "https", httpSectionName: "http" };
    const { objects } = await deploy({ ...gateway, tls: undefined, rateLimit: undefined, gateway: { existing } });

    expect(Object.keys(objects).sort()).toEqual(["shield-redirect", "shield-route"]);
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
              "deletion_protection.enabled=true,routing.http.drop_invalid_header_fields.enabled=true",
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
            "deletion_protection.enabled=false,routing.http.drop_invalid_header_fields.enabled=true",
        },
      },
      spec: { ingressClassName: "alb-shared" },
    });
  });

  it("refuses a certificate that is not one of ACM", () => {
    const tls = { certificateArn: "arn:aws:acm:us-west-2:123456789012:certificate/..." };
    expect(() => new Edge("airlock", { ...airlock, tls })).toThrow(
      [
        "airlock (Edge).tls.certificateArn: not a certificate of ACM",
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
        "airlock (Edge).alb.wafAclArn: not a web ACL that an ALB can have",
        "  value:    arn:aws:wafv2:us-east-1:123456789012:global/webacl/edge/3ab78708-85b0-49d3-b4e1-7a9615a6613b",
        "  expected: a regional one of WAFv2: arn:aws:wafv2:<region>:<account>:regional/webacl/<name>/<id>",
      ].join("\n"),
    );
  });
});

it("makes nothing of a declaration that is wrong, and says all that is wrong with it", () => {
  expect(() => new Edge("shield", { ...shield, hosts: [], routes: [] })).toThrow(
    [
      "2 problems",
      "",
      "shield (Edge).hosts: an edge without a host would take every host's requests",
      "  expected: one host or more",
      "",
      "shield (Edge).routes: an edge without a route serves nothing",
      "  expected: one route or more",
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

  expect(seen).toEqual(["shield", "shield-gateway", "shield-route", "shield-redirect", "shield-rate-limit"]);
});

it("does not overwrite another edge's objects", async () => {
  await deploy(shield);
  expect(() => new Edge("shield", shield)).toThrow(
    [
      "shield (Edge): shield (Edge) has already made the Ingress of this name",
      "  value:    shield/shield",
      "  expected: one owner for each object",
    ].join("\n"),
  );
});

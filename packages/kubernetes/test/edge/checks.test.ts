import { isIP } from "node:net";
import { formatProblem } from "@gatehouse/core";
import { describe, expect, it } from "vitest";
import { checkEdge } from "../../src/edge/checks.ts";
import { BackendProtocol, type EdgeArgs, EdgeKind, PathMatch } from "../../src/edge/args/edgeArgs.ts";
import { GatewayImplementation } from "../../src/edge/args/gatewayArgs.ts";

const nginx: EdgeArgs = {
  kind: EdgeKind.Nginx,
  namespace: "shop",
  hosts: ["api.example.com"],
  routes: [{ path: "/auth" }],
  serviceName: "shop",
  servicePort: 80,
  tls: { secretName: "shop-tls" },
};
const gateway: EdgeArgs = { ...nginx, kind: EdgeKind.Gateway, gateway: { className: "eg" } };
const alb: EdgeArgs = {
  ...nginx,
  kind: EdgeKind.Alb,
  tls: { certificateArn: "arn:aws:acm:us-west-2:123456789012:certificate/0f1e2d3c" },
  alb: { subnetCidrs: ["10.0.1.0/24"], healthPath: "/ready" },
};
const passthrough = { tls: undefined, tlsPassthrough: true, routes: [{ path: "/" }] };
const kinds = { nginx, gateway, alb };

function problems(args: EdgeArgs): string[] {
  return checkEdge("shop", args).map(formatProblem);
}

function lines(...all: string[]): string {
  return all.join("\n");
}

it.each(Object.entries(kinds))("a good declaration for %s has no problems", (_, args) => {
  expect(problems(args)).toEqual([]);
});

describe("hosts", () => {
  it.each(["api.example.com", "localhost", "1st.example.com", "a.b-c.example", "xn--bcher-kva.example"])(
    "takes %s",
    (host) => {
      expect(problems({ ...nginx, hosts: [host] })).toEqual([]);
    },
  );

  it.each([
    "https://api.example.com",
    "api.example.com:443",
    "API.example.com",
    "api_1.example.com",
    "api..example.com",
    "-api.example.com",
    "10.0.0.1",
    "",
    `${"a".repeat(64)}.example.com`,
    `${"a.".repeat(126)}ab`,
  ])("refuses %j", (host) => {
    expect(problems({ ...nginx, hosts: [host] })).toEqual([
      lines(
        "shop.hosts: not a DNS name",
        `  value:    ${host}`,
        "  expected: lower-case letters, digits, hyphens and dots, without scheme, port and path, and not an address",
      ),
    ]);
  });

  it("takes wildcards after the first", () => {
    expect(problems({ ...nginx, hosts: ["api.example.com", "*.example.com"] })).toEqual([]);
  });

  it.each(["*", "*.", "api.*.example.com", "*api.example.com", "*.*.example.com"])("refuses %s", (host) => {
    expect(problems({ ...nginx, hosts: ["api.example.com", host] })).toEqual([
      lines(
        "shop.hosts: a wildcard must be the whole first label of a host",
        `  value:    ${host}`,
        "  expected: a host like *.example.com",
      ),
    ]);
  });

  it("wants a first host that is an address", () => {
    expect(problems({ ...nginx, hosts: ["*.example.com", "api.example.com"] })).toEqual([
      lines(
        "shop.hosts: the first host becomes the URL, so it cannot be a wildcard",
        "  value:    *.example.com",
        "  expected: a host without a wildcard, then the wildcards",
      ),
    ]);
  });

  it("wants each host once", () => {
    expect(problems({ ...nginx, hosts: ["a.example", "b.example", "a.example", "a.example"] })).toEqual([
      lines("shop.hosts: the host is listed twice", "  value:    a.example", "  expected: each host once"),
    ]);
  });
});

describe("routes", () => {
  it.each(["/", "/auth", "/auth/", "/.well-known/jwks.json", "/v1.0/_private/a-b", "/..."])("takes %s", (path) => {
    expect(problems({ ...nginx, routes: [{ path, match: PathMatch.Exact }] })).toEqual([]);
  });

  it.each(["auth", "", "*"])("refuses %j without a slash", (path) => {
    expect(problems({ ...nginx, routes: [{ path }] })).toEqual([
      lines(
        "shop.routes: the path does not start with a slash",
        `  value:    ${path}`,
        "  expected: a path that starts with /",
      ),
    ]);
  });

  it.each(["//", "/a//b", "/a/../b", "/./a", "/a/..", "/a*", "/a?b=c", "/a b", "/a%2Fb", "/a;b", "/a\n"])(
    "refuses %j",
    (path) => {
      expect(problems({ ...nginx, routes: [{ path }] }).map((text) => text.split("\n")[0])).toEqual([
        "shop.routes: not a path that every kind of edge accepts",
      ]);
    },
  );

  it("wants each path once, whatever its trailing slash", () => {
    const routes = [{ path: "/auth" }, { path: "/auth/", match: PathMatch.Prefix }];
    expect(problems({ ...nginx, routes })).toEqual([
      lines(
        "shop.routes: the path is listed twice",
        "  value:    /auth (Prefix)",
        "  expected: each path and match once",
      ),
    ]);
  });

  it("takes a path as a prefix and exactly, and exact paths that differ in a slash", () => {
    const routes = [
      { path: "/auth" },
      { path: "/auth", match: PathMatch.Exact },
      { path: "/auth/", match: PathMatch.Exact },
    ];
    expect(problems({ ...nginx, routes })).toEqual([]);
  });
});

describe("the rate limit", () => {
  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("is not %d", (requestsPerMinute) => {
    expect(problems({ ...nginx, rateLimit: { requestsPerMinute } })).toEqual([
      lines(
        "shop.rateLimit.requestsPerMinute: not a number of requests",
        `  value:    ${String(requestsPerMinute)}`,
        "  expected: a whole number from 1 to 1000000",
      ),
    ]);
  });

  it("cannot be had with TLS passed through", () => {
    expect(problems({ ...nginx, ...passthrough, rateLimit: { requestsPerMinute: 100 } })).toEqual([
      lines(
        "shop.rateLimit: with TLS passthrough, the edge sees no requests to count",
        "  expected: rateLimit or tlsPassthrough, not both",
        "  fix:      let the service limit its clients",
      ),
    ]);
  });

  it("has a burst of at least itself on nginx", () => {
    expect(problems({ ...nginx, nginx: { burstMultiplier: 0 } })).toEqual([
      lines(
        "shop.nginx.burstMultiplier: burstMultiplier must be a whole number, at least 1",
        "  value:    0",
        "  expected: a whole number from 1 to 1000",
      ),
    ]);
  });

  it("needs an implementation of Gateway API that has one", () => {
    const other = { className: "cilium", implementation: GatewayImplementation.Other };
    expect(problems({ ...gateway, gateway: other, rateLimit: { requestsPerMinute: 100 } })).toEqual([
      lines(
        "shop.rateLimit: Gateway API has no rate limit, and Gatehouse knows only Envoy Gateway's",
        "  value:    other",
        "  expected: gateway.implementation envoy, or kind nginx or alb",
      ),
    ]);
    expect(problems({ ...gateway, gateway: other })).toEqual([]);
  });

  it("needs a web ACL before an ALB", () => {
    const rateLimit = { requestsPerMinute: 100 };
    expect(problems({ ...alb, rateLimit })).toEqual([
      lines(
        "shop.rateLimit: ALBs have no rate limiting; use a WAF rate-based rule",
        "  expected: alb.wafAclArn, the web ACL with the rule",
        "  fix:      create the web ACL and set its ARN, or choose kind nginx or gateway",
      ),
    ]);
  });
});

describe("TLS passed through", () => {
  it.each([["nginx"], ["gateway"]] as const)("is good on %s", (kind) => {
    expect(problems({ ...kinds[kind], ...passthrough })).toEqual([]);
  });

  it("cannot be had on an ALB, and nothing else is said then", () => {
    expect(problems({ ...alb, tlsPassthrough: true })).toEqual([
      lines("shop.tlsPassthrough: an ALB always terminates TLS", "  expected: kind nginx or gateway"),
    ]);
  });

  it.each([
    { routes: [{ path: "/auth" }], value: "/auth" },
    { routes: [{ path: "/", match: PathMatch.Exact }], value: "/" },
    { routes: [{ path: "/" }, { path: "/auth" }], value: "/, /auth" },
  ])("has no routes but everything: not $value", ({ routes, value }) => {
    expect(problems({ ...nginx, ...passthrough, routes })).toEqual([
      lines(
        "shop.routes: with TLS passthrough, the edge sees no paths",
        `  value:    ${value}`,
        "  expected: the one route / (Prefix)",
      ),
    ]);
  });

  it("takes no certificate", () => {
    expect(problems({ ...gateway, ...passthrough, tls: { secretName: "shop-tls" } })).toEqual([
      lines(
        "shop.tls: with TLS passthrough, the edge uses no certificate",
        "  expected: tls or tlsPassthrough, not both",
        "  fix:      mount the certificate in the service's pods",
      ),
    ]);
  });

  it("needs a service that ends it", () => {
    expect(problems({ ...nginx, ...passthrough, backendProtocol: BackendProtocol.Http })).toEqual([
      lines(
        "shop.backendProtocol: with TLS passthrough, the service must terminate TLS itself",
        "  value:    HTTP",
        "  expected: HTTPS",
      ),
    ]);
  });

  it("has no wildcards on nginx, and has them on Gateway API", () => {
    const hosts = ["api.example.com", "*.example.com"];
    expect(problems({ ...nginx, ...passthrough, hosts })).toEqual([
      lines(
        "shop.hosts: with TLS passthrough, ingress-nginx matches no wildcards",
        "  value:    *.example.com",
        "  expected: each host by name, or kind gateway",
      ),
    ]);
    expect(problems({ ...gateway, ...passthrough, hosts })).toEqual([]);
  });
});

describe("the certificate", () => {
  it.each([
    [nginx, undefined],
    [nginx, { clusterIssuer: "letsencrypt" }],
    [gateway, undefined],
  ])("of an edge in the cluster is in a Secret", (args, tls) => {
    expect(problems({ ...args, tls })).toEqual([
      lines(
        "shop.tls.secretName: the edge has no certificate",
        "  expected: the Secret of the certificate; with clusterIssuer, cert-manager fills it",
      ),
    ]);
  });

  it.each([nginx, gateway])("of ACM cannot be used in the cluster", (args) => {
    expect(problems({ ...args, tls: { ...args.tls, certificateArn: "arn:aws:acm:" } })).toEqual([
      lines(
        `shop.tls.certificateArn: an edge of kind ${args.kind} cannot use an ACM certificate, because its key never leaves AWS`,
        "  expected: kind alb, or tls.secretName",
      ),
    ]);
  });

  it("of an ALB is one of ACM", () => {
    expect(problems({ ...alb, tls: {} })).toEqual([
      lines(
        "shop.tls.certificateArn: the edge has no certificate",
        "  expected: the ARN of a certificate in ACM, in the ALB's region",
      ),
    ]);
  });

  it("of an ALB is not in a Secret, whoever fills it", () => {
    const tls = { ...alb.tls, secretName: "shop-tls", clusterIssuer: "letsencrypt" };
    expect(problems({ ...alb, tls })).toEqual([
      lines(
        "shop.tls.secretName: an ALB does not read a certificate from a Secret",
        "  value:    shop-tls",
        "  expected: tls.certificateArn, or kind nginx or gateway",
      ),
      lines(
        "shop.tls.clusterIssuer: an ALB does not read a certificate from a Secret",
        "  value:    letsencrypt",
        "  expected: tls.certificateArn, or kind nginx or gateway",
      ),
    ]);
  });

  it("of an existing Gateway is the Gateway's", () => {
    const existing = { name: "public", sectionName: "https" };
    expect(problems({ ...gateway, gateway: { existing } })).toEqual([
      lines(
        "shop.tls: an existing Gateway has its own certificates",
        "  expected: no tls with gateway.existing",
        "  fix:      give the certificate to the Gateway's listener, or set gateway.className for the edge's own Gateway",
      ),
    ]);
    expect(problems({ ...gateway, tls: undefined, gateway: { existing } })).toEqual([]);
  });
});

describe("on Gateway API", () => {
  it("the options are there", () => {
    expect(problems({ ...gateway, gateway: undefined })).toEqual([
      lines(
        "shop.gateway: an edge of kind gateway has options without a default",
        "  expected: gateway with className or existing",
      ),
    ]);
  });

  it.each([
    { options: {}, message: "neither className nor existing is set" },
    {
      options: { className: "eg", existing: { name: "public", sectionName: "https" } },
      message: "className and existing are both set",
    },
  ])("there is one Gateway: not $message", ({ options, message }) => {
    const tls = "existing" in options ? undefined : gateway.tls;
    expect(problems({ ...gateway, tls, gateway: options })).toEqual([
      lines(`shop.gateway: ${message}`, "  expected: either className, for the edge's own Gateway, or existing"),
    ]);
  });

  it("a service cannot be spoken to by HTTPS", () => {
    expect(problems({ ...gateway, backendProtocol: BackendProtocol.Https })).toEqual([
      lines(
        "shop.backendProtocol: Gateway API needs a BackendTLSPolicy for TLS to a Service, which the edge does not make",
        "  value:    HTTPS",
        "  expected: HTTP, tlsPassthrough, or kind nginx or alb",
      ),
    ]);
  });

  it("a route has at most 16 hosts and 64 paths", () => {
    const hosts = Array.from({ length: 17 }, (_, index) => `host-${index}.example.com`);
    const routes = Array.from({ length: 65 }, (_, index) => ({ path: `/${index}` }));
    expect(problems({ ...gateway, hosts: hosts.slice(1), routes: routes.slice(1) })).toEqual([]);
    expect(problems({ ...gateway, hosts, routes })).toEqual([
      lines(
        "shop.hosts: a route of Gateway API has too many hosts",
        "  value:    17",
        "  expected: 16 at most",
        "  fix:      make a second edge for the rest",
      ),
      lines(
        "shop.routes: a rule of Gateway API has too many paths",
        "  value:    65",
        "  expected: 64 at most",
        "  fix:      make a second edge for the rest",
      ),
    ]);
    expect(problems({ ...nginx, hosts, routes })).toEqual([]);
  });
});

describe("on an ALB", () => {
  const options = { subnetCidrs: ["10.0.1.0/24"], healthPath: "/ready" };

  it("the options are there", () => {
    expect(problems({ ...alb, alb: undefined })).toEqual([
      lines(
        "shop.alb: an edge of kind alb has options without a default",
        "  expected: alb with at least subnetCidrs and healthPath",
      ),
    ]);
  });

  it("pods may take as long to stop as the ALB waits, and not less", () => {
    expect(problems({ ...alb, alb: { ...options, deregistrationDelaySeconds: 45, gracePeriodSeconds: 45 } })).toEqual(
      [],
    );
    expect(problems({ ...alb, alb: { ...options, gracePeriodSeconds: 29 } })).toEqual([
      lines(
        "shop.alb.deregistrationDelaySeconds: the pods are killed while the ALB still waits for their requests",
        "  value:    30 s, and the pods have 29 s to stop",
        "  expected: 29 or less",
        "  fix:      shorten the delay, or raise the pods' shutdown.requestTimeoutSeconds",
      ),
    ]);
  });

  it("waits an hour at most", () => {
    expect(problems({ ...alb, alb: { ...options, deregistrationDelaySeconds: 3601 } })).toEqual([
      lines(
        "shop.alb.deregistrationDelaySeconds: not a deregistration delay that AWS accepts",
        "  value:    3601",
        "  expected: a whole number from 0 to 3600",
      ),
    ]);
  });

  it("health is a path", () => {
    expect(problems({ ...alb, alb: { ...options, healthPath: "ready" } })).toEqual([
      lines(
        "shop.alb.healthPath: the path does not start with a slash",
        "  value:    ready",
        "  expected: a path that starts with /",
      ),
    ]);
  });

  it("its subnets are known", () => {
    expect(problems({ ...alb, alb: { ...options, subnetCidrs: [] } })).toEqual([
      lines(
        "shop.alb.subnetCidrs: subnetCidrs is empty, but with IP targets traffic arrives from the ALB's subnets",
        "  expected: the ranges of all of the ALB's subnets",
      ),
    ]);
  });

  it.each(["10.0.1.0", "10.0.1.0/33", "10.0.1/24", "10.0.1.0/", "10.0.1.0/2/4", "2001:db8::/129", "subnet-1"])(
    "%s is not a subnet's range",
    (cidr) => {
      const subnetCidrs = ["10.0.2.0/24", cidr];
      expect(problems({ ...alb, alb: { ...options, subnetCidrs } })).toEqual([
        lines(
          "shop.alb.subnetCidrs: not an address range",
          `  value:    ${cidr}`,
          "  expected: an address and a prefix length, such as 10.20.0.0/16",
          ...(isIP(cidr) === 0 ? [] : [`  fix:      for one address, ${cidr}/${isIP(cidr) === 4 ? 32 : 128}`]),
        ),
      ]);
    },
  );
});

it("an ALB reaches the pods by IPv4", () => {
  const options = { subnetCidrs: ["10.0.2.0/24", "2001:db8::/64"], healthPath: "/ready" };
  expect(problems({ ...alb, alb: options })).toEqual([
    lines(
      "shop.alb.subnetCidrs: the ALB reaches the pods by IPv4",
      "  value:    2001:db8::/64",
      "  expected: the IPv4 ranges of its subnets",
    ),
  ]);
});

describe("options of another kind are errors", () => {
  it("on nginx", () => {
    const unread = { alb: { subnetCidrs: ["10.0.1.0/24"], healthPath: "/ready" }, gateway: { className: "eg" } };
    expect(problems({ ...nginx, ...unread })).toEqual([
      lines(
        "shop.gateway: an edge of kind nginx does not read the options of gateway",
        "  value:    className",
        "  expected: no gateway, or kind gateway",
        "  fix:      remove gateway",
      ),
      lines(
        "shop.alb: an edge of kind nginx does not read the options of alb",
        "  value:    subnetCidrs, healthPath",
        "  expected: no alb, or kind alb",
        "  fix:      remove alb",
      ),
    ]);
  });

  it.each([gateway, alb])("of nginx on another", (args) => {
    expect(problems({ ...args, nginx: { burstMultiplier: 2 } })).toEqual([
      lines(
        `shop.nginx: an edge of kind ${args.kind} does not read the options of nginx`,
        "  value:    burstMultiplier",
        "  expected: no nginx, or kind nginx",
        "  fix:      remove nginx",
      ),
    ]);
  });
});

describe("the Service", () => {
  const target = { serviceName: "shop", servicePort: 80, pods: { namespace: "shop" }, port: 8080 };

  it.each([
    { serviceName: undefined, servicePort: undefined },
    { serviceName: undefined, servicePort: 80 },
    { serviceName: "shop", servicePort: undefined },
  ])("is there: $serviceName $servicePort", (service) => {
    expect(problems({ ...nginx, ...service })).toEqual([
      lines(
        "shop: the edge leads to no Service",
        "  expected: target, or serviceName and servicePort",
        "  fix:      give it the target of a Workload, AuthService or Broker",
      ),
    ]);
  });

  it("and its timeout are said once", () => {
    const service = { serviceName: undefined, servicePort: undefined };
    expect(problems({ ...nginx, ...service, target })).toEqual([]);
    expect(problems({ ...nginx, serviceName: undefined, target, requestTimeoutSeconds: 10 })).toEqual([
      lines(
        "shop.servicePort: the target already sets servicePort",
        "  expected: target, or servicePort without a target",
        "  fix:      remove it, or change the target: { ...workload.target, servicePort }",
      ),
      lines(
        "shop.requestTimeoutSeconds: the target already sets requestTimeoutSeconds",
        "  expected: target, or requestTimeoutSeconds without a target",
        "  fix:      remove it, or change the target: { ...workload.target, requestTimeoutSeconds }",
      ),
    ]);
  });

  it("has the grace period that an ALB's delay is checked against", () => {
    const behind = { ...target, requestTimeoutSeconds: 60, gracePeriodSeconds: 45 };
    const args = { ...alb, serviceName: undefined, servicePort: undefined };
    expect(problems({ ...args, target: behind })).toEqual([
      lines(
        "shop.alb.deregistrationDelaySeconds: the pods are killed while the ALB still waits for their requests",
        "  value:    60 s, and the pods have 45 s to stop",
        "  expected: 45 or less",
        "  fix:      shorten the delay, or raise the pods' shutdown.requestTimeoutSeconds",
      ),
    ]);
    expect(problems({ ...args, target: { ...behind, gracePeriodSeconds: 60 } })).toEqual([]);
  });
});

describe("the timeout", () => {
  it.each([0, 3_996, 1.5])("is not %d seconds", (requestTimeoutSeconds) => {
    expect(problems({ ...nginx, requestTimeoutSeconds })).toEqual([
      lines(
        "shop.requestTimeoutSeconds: not a number of seconds that an edge can wait",
        `  value:    ${String(requestTimeoutSeconds)}`,
        "  expected: a whole number from 1 to 3995",
      ),
    ]);
  });

  it("needs an implementation of Gateway API that supports it", () => {
    const other = { className: "cilium", implementation: GatewayImplementation.Other };
    expect(problems({ ...gateway, gateway: other, requestTimeoutSeconds: 60 })).toEqual([
      lines(
        "shop.requestTimeoutSeconds: Gateway API leaves it to the implementation whether a route can have a timeout",
        "  value:    other",
        "  expected: gateway.routeTimeouts true if this implementation supports it",
        "  fix:      else remove requestTimeoutSeconds, and set the timeout by the implementation's own policy",
      ),
    ]);
    expect(problems({ ...gateway, gateway: { ...other, routeTimeouts: true }, requestTimeoutSeconds: 60 })).toEqual([]);
  });

  it("cannot be had with TLS passed through", () => {
    expect(problems({ ...nginx, ...passthrough, requestTimeoutSeconds: 60 })).toEqual([
      lines(
        "shop.requestTimeoutSeconds: with TLS passthrough, the edge sees no requests to time",
        "  value:    60",
        "  expected: no requestTimeoutSeconds",
      ),
    ]);
  });
});

describe("sizes", () => {
  it("are quantities of bytes", () => {
    expect(problems({ ...nginx, sizes: { body: "8Mi", responseHeaders: "16Ki" } })).toEqual([]);
    expect(problems({ ...nginx, sizes: { body: "8m", responseHeaders: "0" } })).toEqual([
      lines(
        "shop.sizes.body: the quantity is not a whole number of bytes",
        "  value:    8m, which is 8 thousandths of a byte",
        "  expected: whole bytes, with one of the units k M G T or Ki Mi Gi Ti, or none",
        "  fix:      did you mean 8Mi?",
      ),
      lines("shop.sizes.responseHeaders: nothing fits in no bytes", "  value:    0", "  expected: 1 or more bytes"),
    ]);
  });

  it("are only those that the kind can choose", () => {
    expect(problems({ ...alb, sizes: { body: "8Mi" } })).toEqual([
      lines(
        "shop.sizes.body: an ALB has no limit for request bodies",
        "  value:    8Mi",
        "  expected: no sizes.body, or kind nginx or gateway",
        "  fix:      let the service limit them, or use a size rule in the WAF web ACL",
      ),
    ]);
    expect(problems({ ...gateway, sizes: { body: "8Mi", responseHeaders: "16Ki" } })).toEqual([
      lines(
        "shop.sizes.responseHeaders: an edge of kind gateway cannot choose the size of response headers",
        "  value:    16Ki",
        "  expected: no sizes.responseHeaders, or kind nginx",
      ),
    ]);
    const other = { className: "cilium", implementation: GatewayImplementation.Other };
    expect(problems({ ...gateway, gateway: other, sizes: { body: "8Mi" } })).toEqual([
      lines(
        "shop.sizes.body: Gateway API has no limit for request bodies, and Gatehouse knows only Envoy Gateway's",
        "  value:    other",
        "  expected: gateway.implementation envoy, or kind nginx",
      ),
    ]);
    expect(problems({ ...nginx, ...passthrough, sizes: { body: "8Mi" } })).toEqual([
      lines(
        "shop.sizes: with TLS passthrough, the edge sees no requests to measure",
        "  expected: sizes or tlsPassthrough, not both",
        "  fix:      let the service limit the size of requests",
      ),
    ]);
  });
});

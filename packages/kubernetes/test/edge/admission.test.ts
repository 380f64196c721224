import { describe, expect, it } from "vitest";
import { EdgeKind } from "../../src/edge/args/edgeArgs.ts";
import { GatewayImplementation } from "../../src/edge/args/gatewayArgs.ts";
import { edgeAdmission, edgeHosts } from "../../src/edge/admission.ts";

describe("admitted to the pods", () => {
  it("is the namespace of the nginx controller", () => {
    expect(edgeAdmission({ kind: EdgeKind.Nginx }, 8000)).toEqual({
      name: "edge",
      pods: { namespace: "ingress-nginx" },
      port: 8000,
    });
    expect(edgeAdmission({ kind: EdgeKind.Nginx, nginx: { controllerNamespace: "edge-system" } }, 8443)).toEqual({
      name: "edge",
      pods: { namespace: "edge-system" },
      port: 8443,
    });
  });

  it("is the namespace of the Gateway's proxies", () => {
    expect(edgeAdmission({ kind: EdgeKind.Gateway, gateway: { className: "eg" } }, 8000)).toEqual({
      name: "edge",
      pods: { namespace: "envoy-gateway-system" },
      port: 8000,
    });
    const cilium = { implementation: GatewayImplementation.Other, dataPlaneNamespace: "kube-system" };
    expect(edgeAdmission({ kind: EdgeKind.Gateway, gateway: cilium }, 8000)).toEqual({
      name: "edge",
      pods: { namespace: "kube-system" },
      port: 8000,
    });
  });

  it("must be told of another implementation", () => {
    const gateway = { className: "cilium", implementation: GatewayImplementation.Other };
    expect(() => edgeAdmission({ kind: EdgeKind.Gateway, gateway }, 8000)).toThrow(
      [
        "edge.gateway.dataPlaneNamespace: dataPlaneNamespace has no default for this Gateway implementation",
        "  value:    other",
        "  expected: the namespace of its proxies' pods, or dataPlaneCidrs for proxies outside the cluster",
      ].join("\n"),
    );
  });

  it("is the range of each of the ALB's subnets", () => {
    const alb = { subnetCidrs: ["10.0.1.0/24", "10.0.2.0/24"], healthPath: "/ready" };
    expect(edgeAdmission({ kind: EdgeKind.Alb, alb }, 8080)).toEqual({
      name: "edge",
      addresses: [{ cidr: "10.0.1.0/24" }, { cidr: "10.0.2.0/24" }],
      port: 8080,
    });
  });

  it.each([undefined, { subnetCidrs: [], healthPath: "/ready" }])("must be told of an ALB", (alb) => {
    expect(() => edgeAdmission({ kind: EdgeKind.Alb, alb }, 8080)).toThrow(
      [
        "edge.alb.subnetCidrs: subnetCidrs is empty, but with IP targets traffic arrives from the ALB's subnets",
        "  expected: the ranges of all of the ALB's subnets",
      ].join("\n"),
    );
  });
});

it("hosts are written as Django allows them", () => {
  expect(edgeHosts({ hosts: ["api.materi.dev", "*.tenants.materi.dev"] })).toEqual([
    "api.materi.dev",
    ".tenants.materi.dev",
  ]);
});

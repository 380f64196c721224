import * as aws from "@gatehouse/aws";
import * as gcp from "@gatehouse/gcp";
import { InputError, type Problem } from "@gatehouse/core";
import * as kubernetes from "@gatehouse/kubernetes";
import * as monitoring from "@gatehouse/monitoring";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";

type Component = new (name: string, args: unknown) => pulumi.ComponentResource;

const components = [kubernetes, gcp, aws, monitoring]
  .flatMap((module) => Object.entries(module as Record<string, unknown>))
  .filter((entry): entry is [string, Component] => {
    const [, value] = entry;
    return typeof value === "function" && value.prototype instanceof pulumi.ComponentResource;
  });

function problems(component: Component, args: unknown): Problem[] {
  try {
    new component("shop", args);
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
}

describe("every component checks the shape of its arguments before anything is registered", () => {
  test("there are components", () => {
    expect(components.length).toBeGreaterThanOrEqual(30);
  });

  test.each(components)("%s", (name, component) => {
    expect(problems(component, null)).toMatchObject([
      { subject: `shop (${name})`, message: "the argument is missing", value: "null" },
    ]);
    expect(problems(component, { qwertyuiop: 1 })).toContainEqual(
      expect.objectContaining({ subject: `shop (${name}).qwertyuiop`, message: "there is no such argument" }),
    );
  });
});

describe("a Workload", () => {
  const { Workload } = kubernetes;
  const good = {
    namespace: "shop",
    image: "registry.example/shop:1.0.0",
    ports: [{ name: "http", port: 8080 }],
    readiness: { path: "/ready" },
    identity: { user: 1000 },
    resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "1", memory: "128Mi" } },
  };
  const { readiness, ports, ...withoutReadinessAndPorts } = good;

  test.each<[string, object, string, string]>([
    ["a misspelt argument", { ...good, reediness: readiness }, "reediness", "there is no such argument"],
    ["no readiness", { ...withoutReadinessAndPorts, ports }, "readiness", "the argument is missing"],
    ["no ports", { ...withoutReadinessAndPorts, readiness }, "ports", "the argument is missing"],
    ["ports as an object", { ...good, ports: { http: 8080 } }, "ports", "the argument has the wrong type"],
    ["an image of undefined", { ...good, image: undefined }, "image", "the argument is missing"],
    ["a hole in connectsTo", { ...good, connectsTo: [undefined] }, "connectsTo[0]", "the list has a hole"],
    [
      "a variable of undefined",
      { ...good, environment: { values: { A: undefined } } },
      "environment.values.A",
      "the argument is missing",
    ],
    [
      "a variable of null",
      { ...good, environment: { values: { A: null } } },
      "environment.values.A",
      "the argument is missing",
    ],
    [
      "a variable of 3",
      { ...good, environment: { values: { A: 3 } } },
      "environment.values.A",
      "the argument has the wrong type",
    ],
  ])("%s", (_, args, path, message) => {
    expect(problems(Workload as Component, args)).toMatchObject([{ subject: `shop (Workload).${path}`, message }]);
  });
});

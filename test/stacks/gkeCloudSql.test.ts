import type { Resource, StackGraph } from "@gatehouse/preview";
import { beforeAll, expect, test } from "vitest";
import { previewExample } from "./support/example.ts";
import { at } from "./support/record.ts";

let graph: StackGraph;
beforeAll(async () => {
  graph = await previewExample("examples/gke-cloud-sql");
});

function find(kind: string, name: string): Resource {
  const found = graph.resources.filter((one) => one.type.endsWith(`:${kind}`) && one.name === name);
  expect(found, `${kind} ${name}`).toHaveLength(1);
  return found[0] as Resource;
}

test("the program has no problems", () => {
  expect(graph.diagnostics).toEqual([]);
});

test("pods may connect to the database's address at 5432", () => {
  const policy = graph.resources.filter(
    ({ type, inputs }) => type.endsWith(":NetworkPolicy") && JSON.stringify(inputs).includes("5432"),
  );
  expect(policy).toHaveLength(1);
  const rules = at(policy[0]?.inputs ?? null, "spec.egress") as unknown[];
  const instance = find("DatabaseInstance", "orders-db").urn;
  expect(rules).toContainEqual({
    to: [{ ipBlock: { cidr: { $unknown: [instance] } } }],
    ports: [{ protocol: "TCP", port: 5432 }],
  });
});

test("pods get the address, not Cloud Run's socket, and the password from the namespace's Secret", () => {
  const [container] = at(find("Deployment", "orders-deployment").inputs, "spec.template.spec.containers") as {
    env: object[];
  }[];
  const instance = find("DatabaseInstance", "orders-db").urn;
  expect(container?.env).toEqual(
    expect.arrayContaining([
      { name: "POSTGRES_HOST", value: { $unknown: [instance] } },
      { name: "POSTGRES_PORT", value: "5432" },
      { name: "POSTGRES_DB", value: "orders" },
      { name: "POSTGRES_USER", value: "orders" },
      { name: "POSTGRES_SSLMODE", value: "require" },
      {
        name: "POSTGRES_PASSWORD",
        valueFrom: { secretKeyRef: { name: expect.stringMatching(/^orders-/) as unknown, key: "password" } },
      },
    ]),
  );
});

test("the database accepts clients without a certificate, encrypted only", () => {
  expect(at(find("DatabaseInstance", "orders-db").inputs, "settings.ipConfiguration")).toEqual({
    ipv4Enabled: false,
    privateNetwork: "projects/shop-dev/global/networks/shop",
    sslMode: "ENCRYPTED_ONLY",
  });
});

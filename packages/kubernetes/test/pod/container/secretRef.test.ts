import { type SecretRef, SecretStoreType, Workload } from "@gatehouse/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { lines, workload } from "../../support/examples.ts";
import { record, refusal } from "../../support/record.ts";

const withRef = (TOKEN: SecretRef) => () => {
  new Workload("orders", { ...workload, environment: { secrets: { TOKEN } } });
};

test("a variable reads one key of a Secret", async () => {
  const recording = await record(
    withRef({ secret: pulumi.output("orders"), key: "token", store: SecretStoreType.Kubernetes }),
  );
  const [container] = recording.object("Deployment", "orders").spec.template.spec.containers;
  expect(container?.env).toEqual([{ name: "TOKEN", valueFrom: { secretKeyRef: { name: "orders", key: "token" } } }]);
});

describe("a reference that a pod cannot read", () => {
  test("without a key", async () => {
    expect(await refusal(withRef({ secret: "orders" }))).toBe(
      lines(
        "orders (Workload).orders.environment.secrets.TOKEN.key: the reference has no key",
        "  expected: the key within the Secret",
        "  fix:      add key",
      ),
    );
  });

  test("with a version", async () => {
    expect(await refusal(withRef({ secret: "orders", key: "token", version: "7" }))).toBe(
      lines(
        "orders (Workload).orders.environment.secrets.TOKEN.version: a Kubernetes Secret has no versions",
        "  value:    7",
        "  expected: no version",
        "  fix:      pin the version in ExternalSecrets, whose Secret has a new name for each",
      ),
    );
  });

  test.each([
    [SecretStoreType.GcpSecretManager, "Secret Manager of Google Cloud"],
    [SecretStoreType.AwsSecretsManager, "AWS Secrets Manager"],
  ])("in %s", async (store, called) => {
    expect(await refusal(withRef({ secret: "orders-token", version: "7", store }))).toBe(
      lines(
        `orders (Workload).orders.environment.secrets.TOKEN: a pod cannot read ${called}`,
        `  value:    ${store}`,
        "  expected: a key of a Kubernetes Secret",
        "  fix:      copy the value into a Secret with ExternalSecrets, and use its key(...)",
      ),
    );
  });
});

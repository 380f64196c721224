import { type Endpoint, MigrationJob, type MigrationJobArgs } from "@gatehouse/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test, vi } from "vitest";
import { howToReadTheLog } from "../../src/job/migrationJob.ts";
import {
  ignoresDisruptions,
  keepsItsNode,
  dns,
  lines,
  migration,
  renderedResources,
  restricted,
  restrictedPod,
} from "../support/examples.ts";
import { Later, record, refusal, unknown } from "../support/record.ts";

const database: Endpoint = { name: "postgres", port: 5432, addresses: [{ cidr: "10.20.0.0/16" }] };

const recordJob = (args: Partial<MigrationJobArgs> = {}, options: pulumi.ComponentResourceOptions = {}) =>
  record(() => new MigrationJob("migrate", { ...migration, ...args }, options));
const refusalOf = (args: Partial<MigrationJobArgs>, name = "migrate") =>
  refusal(() => new MigrationJob(name, { ...migration, ...args }));

const resourceOf = async (args: Partial<MigrationJobArgs> = {}, options: pulumi.ComponentResourceOptions = {}) =>
  (await recordJob(args, options)).resource("kubernetes:batch/v1:Job", "migrate-job");

const nameOf = async (args: Partial<MigrationJobArgs> = {}) => {
  const { metadata } = (await resourceOf(args)).inputs as { metadata: { name: string } };
  return metadata.name;
};

test("the objects", async () => {
  const recording = await recordJob({ connectsTo: [database], labels: { team: "checkout" } });
  const name = await nameOf();
  expect(recording.objects()).toEqual([`Job ${name}`, "NetworkPolicy migrate", "ServiceAccount migrate"]);
  expect(recording.family()).toEqual([
    "gatehouse:kubernetes:MigrationJob migrate",
    "migrate > gatehouse:kubernetes:NetworkAccess migrate-network",
    "migrate > kubernetes:batch/v1:Job migrate-job",
    "migrate > kubernetes:core/v1:ServiceAccount migrate-service-account",
    "migrate-network > kubernetes:networking.k8s.io/v1:NetworkPolicy migrate-network-policy",
  ]);
  expect(recording.object("ServiceAccount", "migrate")).toEqual({
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: "migrate", namespace: "shop", labels: { team: "checkout" } },
    automountServiceAccountToken: false,
  });
  expect(recording.object("NetworkPolicy", "migrate").spec).toEqual({
    podSelector: { matchLabels: { "app.kubernetes.io/name": "migrate" } },
    policyTypes: ["Ingress", "Egress"],
    ingress: [],
    egress: [dns, { to: [{ ipBlock: { cidr: "10.20.0.0/16" } }], ports: [{ protocol: "TCP", port: 5432 }] }],
  });
});

test("the Job, whole: restricted, and with labels by which no Service selects its pods", async () => {
  const labels = { app: "orders" };
  const recording = await recordJob({
    labels,
    environment: { secrets: { DATABASE_URL: { secret: "orders", key: "database-url" } } },
    volumes: [{ name: "settings", mountPath: "/etc/orders", configMap: "orders" }],
    temporaryDirectories: ["/tmp", "/var/run/orders"],
  });
  const [job] = recording.ofType("kubernetes:batch/v1:Job");
  expect(job?.inputs).toEqual({
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: expect.stringMatching(/^migrate-[0-9a-f]{8}$/) as string,
      namespace: "shop",
      labels,
      annotations: {
        "pulumi.com/replaceUnready": "true",
        "argocd.argoproj.io/hook": "Sync",
        "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation",
      },
    },
    spec: {
      backoffLimit: 3,
      podFailurePolicy: ignoresDisruptions,
      activeDeadlineSeconds: 600,
      template: {
        metadata: { labels: { "app.kubernetes.io/name": "migrate" }, annotations: keepsItsNode },
        spec: {
          restartPolicy: "Never",
          serviceAccountName: "migrate",
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: restrictedPod,
          containers: [
            {
              name: "migrate",
              image: "registry.example.com/orders:1.4.2",
              command: ["orders", "migrate"],
              env: [{ name: "DATABASE_URL", valueFrom: { secretKeyRef: { name: "orders", key: "database-url" } } }],
              resources: renderedResources,
              securityContext: restricted,
              volumeMounts: [
                { name: "tmp", mountPath: "/tmp" },
                { name: "var-run-orders", mountPath: "/var/run/orders" },
                { name: "settings", mountPath: "/etc/orders", readOnly: true },
              ],
            },
          ],
          volumes: [
            { name: "tmp", emptyDir: {} },
            { name: "var-run-orders", emptyDir: {} },
            { name: "settings", configMap: { name: "orders", defaultMode: 0o444 } },
          ],
        },
      },
    },
  });
});

test("the Job runs after its policies, and after what the component waits for", async () => {
  const recording = await record(() => {
    const before = new MigrationJob("before", migration);
    new MigrationJob("migrate", migration, { dependsOn: before });
  });
  expect(recording.resource("kubernetes:batch/v1:Job", "migrate-job").dependencies).toEqual(
    expect.arrayContaining(["before-job", "migrate-network-policy", "migrate-service-account"]),
  );
});

test("Argo CD's annotations can be left out", async () => {
  const { inputs } = await resourceOf({ argoCdHook: false });
  expect((inputs.metadata as { annotations: unknown }).annotations).toEqual({ "pulumi.com/replaceUnready": "true" });
});

describe("the name", () => {
  test("is the same for the same content", async () => {
    const environment = { values: { A: "1", B: "2" } };
    const again = { values: { B: pulumi.output("2"), A: "1" } };
    expect(await nameOf({ environment })).toBe(await nameOf({ environment: again }));
    expect(await nameOf({ labels: { team: "checkout" } })).toBe(await nameOf());
  });

  test.each<[string, Partial<MigrationJobArgs>]>([
    ["image", { image: "registry.example.com/orders:1.4.3" }],
    ["command", { command: ["orders", "migrate", "--all"] }],
    ["environment", { environment: { values: { LEVEL: "debug" } } }],
    ["secret", { environment: { secrets: { TOKEN: { secret: "orders-2", key: "token" } } } }],
    ["resources", { resources: { ...migration.resources, limits: { cpu: "1", memory: "1Gi" } } }],
    ["deadline", { activeDeadlineSeconds: 900 }],
  ])("changes with the %s", async (_, args) => {
    expect(await nameOf(args)).not.toBe(await nameOf());
  });

  test("is not known before the image is", async () => {
    const recording = await record(
      () => {
        const later = new Later("later");
        new MigrationJob("migrate", { ...migration, image: later.value });
      },
      { preview: true },
    );
    expect(recording.object("Job", unknown).spec.template.spec.containers[0]?.image).toBe(unknown);
  });
});

describe("time", () => {
  test.each([
    [undefined, "660s"],
    [3600, "3660s"],
  ])("the update waits longer than the Job may take (%s s)", async (activeDeadlineSeconds, create) => {
    const { customTimeouts } = await resourceOf({ activeDeadlineSeconds });
    expect(customTimeouts).toEqual({ create, update: "", delete: "" });
  });

  test("the component's own timeouts stand", async () => {
    const { customTimeouts } = await resourceOf({}, { customTimeouts: { create: "15m" } });
    expect(customTimeouts).toEqual({ create: "15m", update: "", delete: "" });
  });
});

describe("a failure", () => {
  test("is told with the Job and how to read its log", async () => {
    expect((await resourceOf()).errorHooks).toEqual(["migrate-failed"]);
    const print = vi.spyOn(console, "error").mockImplementation(() => undefined);
    let retried: unknown;
    await record(async () => {
      retried = await howToReadTheLog("migrate").callback({
        urn: "",
        id: "",
        name: "migrate-job",
        type: "kubernetes:batch/v1:Job",
        newInputs: { metadata: { name: "migrate-0f3a", namespace: "shop" } },
        failedOperation: "create",
        errors: ["Job failed"],
      });
    });
    const printed = print.mock.calls.flat().join();
    print.mockRestore();
    expect(printed).toContain(
      "The migration failed, and nothing that depends on it was changed. Its log: kubectl -n shop logs job/migrate-0f3a. The next update runs it again.",
    );
    expect(retried).toBe(false);
  });

  test("to delete an old Job is no failed migration", async () => {
    const print = vi.spyOn(console, "error").mockImplementation(() => undefined);
    await record(async () => {
      await howToReadTheLog("migrate").callback({
        urn: "",
        id: "",
        name: "migrate-job",
        type: "kubernetes:batch/v1:Job",
        failedOperation: "delete",
        errors: ["the API server is away"],
      });
    });
    const printed = print.mock.calls.flat().join();
    print.mockRestore();
    expect(printed).toBe("");
  });

  test("is not listened for under the SDK's own mocks, which know no hooks", async () => {
    const recording = await record(() => new MigrationJob("migrate", migration), { errorHooks: false });
    expect(recording.resource("kubernetes:batch/v1:Job", "migrate-job").errorHooks).toEqual([]);
  });
});

describe("refused", () => {
  test("a name that leaves no room for the hash", async () => {
    const name = "m".repeat(55);
    expect(await refusalOf({}, name)).toBe(
      lines(
        `${name} (MigrationJob): the name is 55 characters long, and the Job's name ends in a hash of what it runs`,
        `  value:    ${name}`,
        "  expected: at most 54 characters",
      ),
    );
    expect(
      (await record(() => new MigrationJob("m".repeat(54), migration))).ofType("kubernetes:batch/v1:Job"),
    ).toHaveLength(1);
  });

  test("several problems in one error", async () => {
    const image = "registry.example.com/orders";
    const connectsTo = [{ name: "postgres", port: 5432 }];
    expect(await refusalOf({ image, command: [], connectsTo, activeDeadlineSeconds: 0, backoffLimit: -1 })).toBe(
      lines(
        "5 problems",
        "",
        "migrate (MigrationJob).command: without a command the image's own would run, which serves and never ends",
        "  expected: the command that migrates",
        "",
        "migrate (MigrationJob).backoffLimit: not a number of retries",
        "  value:    -1",
        "  expected: a whole number, 0 or more",
        "",
        "migrate (MigrationJob).activeDeadlineSeconds: not a number of seconds",
        "  value:    0",
        "  expected: a whole number, 1 or more",
        "",
        "migrate (MigrationJob).migrate.image: the image is not pinned",
        "  value:    registry.example.com/orders",
        '  expected: a tag other than "latest", or a digest',
        "  fix:      for example registry.example.com/orders:VERSION",
        "",
        "migrate (MigrationJob).connectsTo.postgres: the link has no peers, and in Kubernetes a rule without peers allows every destination",
        "  expected: pods, addresses or both",
        "  fix:      for a server anywhere on the internet, use internet(name, port)",
      ),
    );
  });

  test("a secret in a plain variable", async () => {
    expect(await refusalOf({ environment: { values: { TOKEN: pulumi.secret("hunter2") } } })).toBe(
      lines(
        "migrate (MigrationJob).migrate.environment.TOKEN: a secret is placed in a plain variable, where everybody who may read the pod can read it",
        "  value:    [secret]",
        "  expected: a plain value, or a reference to a Secret",
        "  fix:      put the value into a Secret and name it: environment.secrets.TOKEN = { secret, key }",
      ),
    );
  });
});

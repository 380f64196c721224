import { checkName, checkQuantity, type NameKind, type Problem } from "@gatehouse/core";
import { checkSchedule, checkTimeZone } from "../../../packages/kubernetes/src/backup/schedule.ts";
import { checkEnvironment } from "../../../packages/kubernetes/src/pod/container/environment.ts";
import { checkSecretKey } from "../../../packages/kubernetes/src/pod/container/secretRef.ts";
import { checkLabels } from "../../../packages/kubernetes/src/meta/labels.ts";
import { type KubernetesApi, KubernetesError, type KubernetesObject } from "../cluster/kubernetesApi.ts";

/** A check that is made before anything is deployed, and the object in which the API server makes its own. */
export interface OfflineCheck {
  of: string;
  texts: string[];
  check: (text: string) => Problem[];
  object: (text: string) => KubernetesObject;
  /** What is refused here although the API server takes it, and why. */
  stricter: Record<string, string>;
}

const subject = "subject";
const podSpec = { containers: [{ name: "main", image: "registry.example.com/main:1" }], restartPolicy: "Never" };
const job = { template: { spec: podSpec } };
const pods = { metadata: { labels: { app: "main" } }, spec: { ...podSpec, restartPolicy: "Always" } };
const selector = { matchLabels: { app: "main" } };

function named(apiVersion: string, kind: string, name: string, rest: object = {}): KubernetesObject {
  return { apiVersion, kind, metadata: { name }, ...rest };
}

function pod(container: object): KubernetesObject {
  return named("v1", "Pod", "main", { spec: { ...podSpec, containers: [{ ...podSpec.containers[0], ...container }] } });
}

function cronJob(spec: object): KubernetesObject {
  return named("batch/v1", "CronJob", "main", { spec: { schedule: "0 2 * * *", jobTemplate: { spec: job }, ...spec } });
}

const names = [
  ...["main", "a", "0", "7days", "a-b", "a--b", "a.b", "a..b", "a-", "-a", ".a", "A", "a_b", "a b", "", "ä"],
  ...[52, 53, 63, 64, 253, 254].map((length) => "a".repeat(length)),
];

function nameCheck(kind: NameKind, object: (name: string) => KubernetesObject, stricter = {}): OfflineCheck {
  return { of: kind, texts: names, check: (name) => checkName(kind, name), object, stricter };
}

/** An object with a name as long as that, and why it is refused. */
function ofLength(why: string, ...lengths: number[]): Record<string, string> {
  return Object.fromEntries(lengths.map((length) => ["a".repeat(length), why]));
}

const hostName = "it becomes a part of its pods' host names";
const newer = "servers before 1.36 refuse it";

export const offlineChecks: OfflineCheck[] = [
  {
    of: "schedules",
    texts: [
      ...[
        "0 2 * * *",
        "*/15 * * * *",
        "5/20 * * * *",
        "0 9-17/4 * * *",
        "0 2,14 * * MON-FRI",
        "0 0 1 JAN ?",
        " 0 2 * * * ",
      ],
      ...[
        "",
        "0 2 * *",
        "0 0 2 * * *",
        "60 2 * * *",
        "0 24 * * *",
        "0 2 0 * *",
        "0 2 * 13 *",
        "0 2 * * 7",
        "0 2 * * mo",
      ],
      ...[
        "0 5-2 * * *",
        "*/0 * * * *",
        "1,,2 * * * *",
        "*-5 * * * *",
        "0 2 L * *",
        "0 2 31 2 *",
        "@daily",
        "-1 2 * * *",
      ],
      ...[
        "0 2 * * 1-",
        "0 02 * * *",
        "0 2 * * SUN",
        "0 2 * * sunday",
        "TZ=Etc/UTC 0 2 * * *",
        "0/0 2 * * *",
        "+5 2 * * *",
      ],
    ],
    check: (schedule) => checkSchedule(subject, schedule),
    object: (schedule) => cronJob({ schedule }),
    stricter: {
      "0 2 31 2 *": "no year has such a date",
      "@daily": "the five fields say when",
      "1,,2 * * * *": "something was forgotten",
      "*-5 * * * *": "the end of the range is ignored",
      "+5 2 * * *": "no other program reads it",
    },
  },
  {
    of: "time zones",
    texts: [
      ...["Etc/UTC", "UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Asia/Calcutta", "Asia/Kolkata"],
      ...["europe/berlin", "ETC/UTC", "us/pacific", "", "Local", "Mars/Phobos", "+01:00"],
    ],
    check: (timeZone) => checkTimeZone(subject, timeZone),
    object: (timeZone) => cronJob({ timeZone }),
    stricter: {},
  },
  {
    of: "quantities",
    texts: [
      ...[
        "0",
        "1",
        "+1",
        "500m",
        "0.1",
        ".5",
        "1.",
        "1n",
        "1u",
        "2k",
        "1.5G",
        "9E",
        "1Ki",
        "1.5Gi",
        "7Ei",
        "1e3",
        "1E-3",
      ],
      ...[
        "",
        "1 Gi",
        "Gi",
        ".",
        "abc",
        "1GB",
        "512mb",
        "1.5gi",
        "1K",
        "1KiB",
        "1,5",
        "0x10",
        "1e",
        "1e3k",
        "--1",
        " 1",
        "1_000",
      ],
      ...["9223372036854775807", "9223372036854775808", "8Ei"],
    ],
    check: (text) => checkQuantity(text, subject),
    object: (text) => named("v1", "ResourceQuota", "main", { spec: { hard: { "limits.ephemeral-storage": text } } }),
    stricter: {
      Gi: "it means 0",
      ".": "it means 0",
      " 1": "in other fields it is refused",
      "9223372036854775808": "it is capped in silence",
      "8Ei": "it is capped in silence",
    },
  },
  {
    of: "labels' keys",
    texts: [
      ...["app", "app.kubernetes.io/name", "a/b", "A.b_c-d", "7", "a".repeat(63)],
      ...["", "a".repeat(64), "/a", "a/", "a/b/c", "-a", "a-", "Example.com/a", "a b", "ä", `${"a.".repeat(127)}/b`],
    ],
    check: (key) => checkLabels(subject, { [key]: "value" }),
    object: (key) => ({ ...named("v1", "ConfigMap", "main"), metadata: { name: "main", labels: { [key]: "value" } } }),
    stricter: {},
  },
  {
    of: "labels' values",
    texts: [...names, "A.b_c-d", "1.2.3", "a/b"],
    check: (value) => checkName("kubernetes:LabelValue", value),
    object: (value) => ({ ...named("v1", "ConfigMap", "main"), metadata: { name: "main", labels: { app: value } } }),
    stricter: {},
  },
  {
    of: "keys of Secrets",
    texts: [...names, "A_b.c", "..", ".", "...", "..a", "a/b"],
    check: (key) => checkSecretKey(subject, key),
    object: (key) => named("v1", "Secret", "main", { data: { [key]: "" } }),
    stricter: {},
  },
  {
    of: "fields of pods",
    texts: [
      ...["metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName"],
      ...["status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs", "metadata.labels['app']"],
      ...["status.phase", "metadata.labels", "spec.hostname", "podIP", "", "metadata.annotations['a.io/b']"],
    ],
    check: (field) => checkEnvironment(subject, { fields: { VALUE: field } }),
    object: (fieldPath) => pod({ env: [{ name: "VALUE", valueFrom: { fieldRef: { fieldPath } } }] }),
    stricter: {},
  },
  nameCheck("kubernetes:Object", (name) => named("v1", "ConfigMap", name)),
  nameCheck("kubernetes:Namespace", (name) => named("v1", "Namespace", name)),
  nameCheck("kubernetes:Service", (name) => named("v1", "Service", name, { spec: { ports: [{ port: 80 }] } }), {
    "0": newer,
    "7days": newer,
  }),
  nameCheck("kubernetes:Container", (name) => pod({ name })),
  nameCheck("kubernetes:Port", (name) => pod({ ports: [{ name, containerPort: 80 }] }), {
    "": "a Service could not refer to it",
  }),
  nameCheck(
    "kubernetes:Deployment",
    (name) => named("apps/v1", "Deployment", name, { spec: { selector, template: pods } }),
    { "a.b": hostName, ...ofLength(hostName, 64, 253) },
  ),
  nameCheck(
    "kubernetes:StatefulSet",
    (name) => named("apps/v1", "StatefulSet", name, { spec: { selector, template: pods, serviceName: "main" } }),
    ofLength("a label of its pods, the name and a hash, would be too long", 53, 63),
  ),
  nameCheck("kubernetes:Job", (name) => named("batch/v1", "Job", name, { spec: job }), { "a.b": hostName }),
  nameCheck("kubernetes:CronJob", (name) => ({ ...cronJob({}), metadata: { name } }), { "a.b": hostName }),
];

/** Whether the API server would take an object. */
export async function wouldTake(api: KubernetesApi, object: KubernetesObject): Promise<boolean> {
  const path = (await api.path({ ...object, metadata: { name: "" } })).replace(/\/$/, "");
  try {
    await api.call("POST", `${path}?dryRun=All&fieldValidation=Strict`, object);
    return true;
  } catch (error) {
    if (error instanceof KubernetesError && [400, 422].includes(error.code)) return false;
    throw error;
  }
}

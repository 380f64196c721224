import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { recordStack } from "./support/record.ts";

const stacks = readdirSync(new URL("../../stacks/", import.meta.url)).flatMap(
  (file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [],
);

/** Text that the rules of a stack must hold for each component of a type: what its alert looks at. */
const watched: Record<string, (name: string) => string[]> = {
  "gatehouse:kubernetes:RedisHA": (name) => [`job="${name}-server"`],
  "gatehouse:kubernetes:BackupCronJob": (name) => [`cronjob="${name}-backup"`, `cronjob="${name}-restore-check"`],
  "gatehouse:kubernetes:AuthService": (name) => [`up{job="${name}",`],
  "gatehouse:kubernetes:Broker": (name) => [`up{job="${name}",`],
  "gatehouse:kubernetes:LogForwarder": () => ['up{namespace="atb",container="log-forwarder"}'],
  "gatehouse:aws:RdsPostgres": () => ['"metricName":"FreeStorageSpace"', '"metricName":"CPUUtilization"'],
  "gatehouse:gcp:CloudSqlDb": () => ["cloudsql_googleapis_com:"],
  "gatehouse:gcp:MemorystoreRedis": () => ["redis_googleapis_com:"],
  "gatehouse:gcp:CloudRunService": () => ["run_googleapis_com:"],
};

/** Alerts that are not Prometheus'. */
const alertTypes = ["gcp:monitoring/alertPolicy:AlertPolicy", "aws:cloudwatch/metricAlarm:MetricAlarm"];

test.each(stacks)("%s: every data store and server has alerts", async (stack) => {
  const { resources } = (await recordStack(stack)).graph;
  const rules = resources
    .filter(({ type, inputs }) => inputs.kind === "PrometheusRule" || alertTypes.includes(type))
    .map(({ inputs }) => JSON.stringify(inputs).replaceAll('\\"', '"'))
    .join();
  const missing = resources.flatMap(({ type, name }) =>
    (watched[type]?.(name) ?? [])
      .map((text) => text.replace('namespace="atb"', `namespace="${stack === "atb-prod" ? "atb" : stack}"`))
      .filter((text) => !rules.includes(text))
      .map((text) => `${type} ${name}: ${text}`),
  );
  expect(missing).toEqual([]);
  expect(resources.some(({ type }) => type in watched)).toBe(true);
});

import { MemorystoreRedis, type Endpoint } from "@gatehouse/gcp";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, expect, test } from "vitest";

const state: Record<string, object> = {
  "gcp:redis/instance:Instance": {
    host: "10.20.0.4",
    port: 6378,
    authString: "correct-horse-battery-staple",
    serverCaCerts: [{ cert: "FIRST CA\n" }, { cert: "SECOND CA\n" }],
  },
  "gcp:secretmanager/secretVersion:SecretVersion": { version: "1" },
};

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => ({ id: name, state: { ...(inputs as object), ...state[type] } }),
    call: () => ({}),
  });
});

/** The plain values of an endpoint, once they are known. */
function values({ environment }: Endpoint): Promise<Record<string, string>> {
  return new Promise((resolve) => pulumi.output(environment?.values ?? {}).apply(resolve));
}

const place = { project: "shop-prod", region: "europe-west1", network: "projects/shop-prod/global/networks/shop" };

test("Redis' clients get the instance's own port, and every CA certificate", async () => {
  const { endpoint } = new MemorystoreRedis("sessions", place);
  expect(await values(endpoint)).toEqual({
    REDIS_HOST: "10.20.0.4",
    REDIS_PORT: "6378",
    REDIS_TLS_ENABLED: "true",
    REDIS_CA_CERT: "FIRST CA\nSECOND CA",
  });
  expect(Object.keys(endpoint.environment?.secrets ?? {})).toEqual(["REDIS_PASSWORD"]);
});

test("without TLS there is no certificate, and without AUTH no password", async () => {
  const { endpoint } = new MemorystoreRedis("cache", { ...place, tls: false, auth: false, variablePrefix: "CACHE" });
  expect(await values(endpoint)).toEqual({ CACHE_HOST: "10.20.0.4", CACHE_PORT: "6378", CACHE_TLS_ENABLED: "false" });
  expect(endpoint.environment?.secrets).toEqual({});
});

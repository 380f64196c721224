/** Lets its secrets out wherever a program can. */
import { writeSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import * as corev1 from "@pulumi/kubernetes/core/v1/index.js";

const config = new pulumi.Config();
const password = config.require("password");
const key = "-----BEGIN KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END KEY-----";
const made = pulumi.secret("made-in-program");
pulumi.secret(key);

console.log("log", password);
console.error("error", password, encodeURIComponent(password), Buffer.from(password).toString("base64"));
console.log(JSON.stringify({ password }), key.split("\n").join("\n    "));
writeSync(1, `past the streams ${password}\n`);
void pulumi.log.info(`info ${password}`);
void pulumi.log.warn(`warning ${password}`);

new corev1.Secret("secret", {
  metadata: { name: "secret", namespace: "secrets" },
  stringData: { password: config.requireSecret("password"), plain: "only-in-secret-data" },
});
new corev1.Secret("encoded", {
  metadata: { name: "encoded" },
  data: { password: config.requireSecret("password").apply((text) => Buffer.from(text).toString("base64")) },
});
new corev1.ConfigMap("map", { metadata: { name: "map" }, data: { made, key: pulumi.secret({ part: key }).part } });
made.apply((text) => {
  console.log("in an apply", text);
});

export const output = made;
export const nested = { a: [config.requireSecret("password")] };
if (pulumi.getStack() === "fails") throw new Error(`failed with ${password} and made-in-program`);

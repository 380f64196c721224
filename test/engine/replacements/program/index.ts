/** Registers what resources.json lists. */
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";

class Registered extends pulumi.CustomResource {}

const resources = JSON.parse(readFileSync("resources.json", "utf8")) as Record<string, Record<string, unknown>>;
for (const [type, inputs] of Object.entries(resources)) {
  const isSecret = (key: string) => key === "secretData";
  const entries = Object.entries(inputs).map(([key, value]) => [key, isSecret(key) ? pulumi.secret(value) : value]);
  new Registered(type, type.replace(/.*:/, ""), Object.fromEntries(entries) as pulumi.Inputs);
}

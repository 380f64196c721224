import { readFileSync } from "node:fs";
import { afterAll, beforeAll } from "vitest";
import { Operators } from "../standIns/operators.ts";
import { Cluster } from "./cluster.ts";

/** A cluster with its operators that the tests of a file have in common: there from the first to the last of them. */
export function testCluster(): () => Cluster {
  let cluster: Cluster;
  let operators: Operators;

  beforeAll(async () => {
    cluster = await Cluster.start();
    operators = new Operators(readFileSync(cluster.kubeconfigFile, "utf8"));
  });

  afterAll(async () => {
    await operators.stop();
    await cluster.stop();
  });

  return () => cluster;
}

import { expect, test } from "vitest";
import { Broker } from "@gatehouse/kubernetes";
import { workload } from "../support/examples.ts";
import { record, refusal } from "../support/record.ts";

const make = (NODE_OPTIONS: string) => () =>
  new Broker("orders", { ...workload, environment: { values: { NODE_OPTIONS } } });

test("options that Node allows in NODE_OPTIONS, with their values", async () => {
  const recording = await record(make("--max-old-space-size=1024 --require ./start.js --dns-result-order=ipv4first"));
  expect(recording.objects()).toContain("Deployment orders");
});

test("an option that Node allows on its command line alone", async () => {
  expect(await refusal(make("--max-old-space-size=1024 --optimize-for-size"))).toBe(
    `orders (Broker).environment.values.NODE_OPTIONS: Node refuses the option in NODE_OPTIONS and ends the process
  value:    --optimize-for-size
  expected: an option that \`node --help\` allows in NODE_OPTIONS
  fix:      give it in the image's command line: node OPTION main.js`,
  );
});

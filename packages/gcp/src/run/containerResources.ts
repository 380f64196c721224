import { checkBytes, checkCount, checkCpu, compareQuantities, parseQuantity, type Problem } from "@gatehouse/core";

/** CPU and memory of one instance. */
export interface ContainerResourcesArgs {
  /**
   * CPUs: `1`, `2`, `4`, `6`, `8`, or less than one, down to `0.08`.
   * @default "1"
   */
  cpu?: string;
  /**
   * Memory: `512Mi`.
   * @default "512Mi", the least in the second-generation environment
   */
  memory?: string;
}

// https://cloud.google.com/run/docs/configuring/services/memory-limits, .../cpu
const cpuForMemory = [
  { above: "24Gi", cpu: "8" },
  { above: "16Gi", cpu: "6" },
  { above: "8Gi", cpu: "4" },
  { above: "4Gi", cpu: "2" },
];
const memoryForCpu = [
  { from: "6", memory: "4Gi" },
  { from: "4", memory: "2Gi" },
];
const wholeCpus = ["1", "2", "4", "6", "8"];
const least = { cpu: "0.08", memory: "512Mi" };
const mostMemory = "32Gi";

/** The CPUs as Cloud Run knows them: a thousand millicores are one. */
export function normalCpu(cpu: string): string {
  return String(Number(parseQuantity(cpu).nanos) / 1e9);
}

/** Checks that Cloud Run offers the CPU and the memory, and both together. */
export function checkContainerResources(
  subject: string,
  { cpu = "1", memory = "512Mi" }: ContainerResourcesArgs,
): Problem[] {
  const forms = [...checkCpu(cpu, `${subject}.cpu`), ...checkBytes(memory, `${subject}.memory`)];
  if (forms.length > 0) return forms;
  const single = [...checkCores(`${subject}.cpu`, cpu), ...checkMemory(`${subject}.memory`, memory)];
  return single.length > 0 ? single : checkTogether(subject, cpu, memory);
}

function checkCores(subject: string, cpu: string): Problem[] {
  const part = compareQuantities(cpu, "1") < 0;
  if (part ? compareQuantities(cpu, least.cpu) >= 0 : wholeCpus.some((one) => compareQuantities(cpu, one) === 0))
    return [];
  const expected = `one of ${wholeCpus.join(", ")}, or from ${least.cpu} to less than 1`;
  return [{ subject, message: "Cloud Run does not offer this amount of CPU", value: cpu, expected }];
}

function checkMemory(subject: string, memory: string): Problem[] {
  const inRange = compareQuantities(memory, least.memory) >= 0 && compareQuantities(memory, mostMemory) <= 0;
  if (inRange) return [];
  const expected = `${least.memory} to ${mostMemory} in the second-generation environment`;
  return [{ subject, message: "Cloud Run does not offer this amount of memory", value: memory, expected }];
}

function checkTogether(subject: string, cpu: string, memory: string): Problem[] {
  const more = cpuForMemory.find(({ above }) => compareQuantities(memory, above) > 0);
  if (more && compareQuantities(cpu, more.cpu) < 0)
    return [
      {
        subject: `${subject}.memory`,
        message: "the memory is too large for the CPU",
        value: `memory ${memory}, cpu ${cpu}`,
        expected: `at least ${more.cpu} CPUs for more than ${more.above}`,
        fix: `raise cpu to ${more.cpu}, or lower memory to ${more.above}`,
      },
    ];
  const larger = memoryForCpu.find(({ from }) => compareQuantities(cpu, from) >= 0);
  if (larger && compareQuantities(memory, larger.memory) < 0)
    return [
      {
        subject: `${subject}.memory`,
        message: "the memory is too small for the CPU",
        value: `memory ${memory}, cpu ${cpu}`,
        expected: `at least ${larger.memory} for ${larger.from} CPUs or more`,
        fix: `raise memory to ${larger.memory}`,
      },
    ];
  return [];
}

/** Checks the number of concurrent requests: an instance with less than one CPU takes one. */
export function checkConcurrency(subject: string, concurrency: number | undefined, cpu = "1"): Problem[] {
  const counts = checkCount(subject, "not a number of requests", concurrency, { least: 1, most: 1000 });
  if (counts.length > 0 || checkCpu(cpu, subject).length > 0) return counts;
  if (compareQuantities(cpu, "1") >= 0 || (concurrency ?? 1) === 1) return [];
  return [
    {
      subject,
      message: "an instance with less than one CPU takes one request at a time",
      value: `concurrency ${concurrency}, cpu ${cpu}`,
      expected: "concurrency 1, or at least 1 CPU",
    },
  ];
}

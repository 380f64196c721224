import type { Problem } from "@gatehouse/core";

/** Editions of Cloud SQL, each with its own machines. */
export const Edition = {
  Enterprise: "ENTERPRISE",
  EnterprisePlus: "ENTERPRISE_PLUS",
} as const;
export type Edition = (typeof Edition)[keyof typeof Edition];

const sharedCore = ["db-f1-micro", "db-g1-small"];
const optimized = /^db-perf-optimized-N-(2|4|8|16|32|48|64|80|96|128)$/;

// https://cloud.google.com/sql/docs/postgres/create-instance#machine-types
const mostCpus = 96;
const leastMemoryMb = 3840;
const memoryStepMb = 256;
const memoryPerCpuMb = { least: 0.9 * 1024, most: 6.5 * 1024 };

/** Checks that Cloud SQL has the machine in the edition. */
export function checkTier(subject: string, tier: string, edition: Edition): Problem[] {
  if (edition === Edition.EnterprisePlus) return optimized.test(tier) ? [] : [otherEdition(subject, tier, edition)];
  if (sharedCore.includes(tier)) return [];
  const custom = /^db-custom-(\d+)-(\d+)$/.exec(tier);
  if (!custom) return [otherEdition(subject, tier, edition)];
  return checkCustom(subject, tier, Number(custom[1]), Number(custom[2]));
}

function otherEdition(subject: string, tier: string, edition: Edition): Problem {
  return {
    subject,
    message: `PostgreSQL in the edition ${edition} has no such machine`,
    value: tier,
    expected:
      edition === Edition.EnterprisePlus
        ? "db-perf-optimized-N-<CPUs>"
        : `${sharedCore.join(", ")}, or db-custom-<CPUs>-<memory in MB>`,
  };
}

function checkCustom(subject: string, tier: string, cpus: number, memory: number): Problem[] {
  const value = tier;
  if (cpus < 1 || cpus > mostCpus || (cpus > 1 && cpus % 2 > 0)) {
    const even = Math.min(cpus + (cpus % 2), mostCpus);
    return [
      {
        subject,
        message: `a machine cannot have ${cpus} CPUs`,
        value,
        expected: `1 CPU, or an even number up to ${mostCpus}`,
        fix: cpus > 0 ? `for example ${nearestCustom(even, memory)}` : undefined,
      },
    ];
  }
  const least = leastMemory(cpus);
  const most = mostMemory(cpus);
  const fix = `for example ${nearestCustom(cpus, memory)}`;
  if (memory < least || memory > most) {
    const message = `a machine of ${cpus} ${cpus === 1 ? "CPU" : "CPUs"} cannot have ${memory} MB of memory`;
    const expected = `${least} to ${most} MB: 0.9 to 6.5 GB a CPU, and at least 3.75 GB`;
    return [{ subject, message, value, expected, fix }];
  }
  if (memory % memoryStepMb === 0) return [];
  return [{ subject, message: "the memory is not a multiple of 256 MB", value, expected: "a multiple of 256 MB", fix }];
}

function leastMemory(cpus: number): number {
  const least = Math.max(leastMemoryMb, cpus * memoryPerCpuMb.least);
  return Math.ceil(least / memoryStepMb) * memoryStepMb;
}

function mostMemory(cpus: number): number {
  return Math.floor((cpus * memoryPerCpuMb.most) / memoryStepMb) * memoryStepMb;
}

function nearestCustom(cpus: number, memory: number): string {
  const rounded = Math.round(memory / memoryStepMb) * memoryStepMb;
  return `db-custom-${cpus}-${Math.min(Math.max(rounded, leastMemory(cpus)), mostMemory(cpus))}`;
}

/**
 * Default `max_connections` of a machine; undefined where sources disagree.
 *
 * Source: https://cloud.google.com/sql/docs/postgres/flags#postgres-m
 */
export function defaultMaxConnections(tier: string): number | undefined {
  const known: Record<string, number> = { "db-f1-micro": 25, "db-g1-small": 50 };
  return tier.endsWith(`-${leastMemoryMb}`) ? 100 : known[tier];
}

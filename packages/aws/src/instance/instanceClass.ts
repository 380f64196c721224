import type { Problem } from "@gatehouse/core";

const gibibyte = 2 ** 30;

/** GiB of memory of a burstable class: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html */
const burstable: Record<string, number> = { micro: 1, small: 2, medium: 4, large: 8, xlarge: 16, "2xlarge": 32 };

/** GiB of memory of the size `large` by family. A size of n times xlarge has 2n times that. Source: as above. */
const large: Record<string, number> = { c: 4, m: 8, r: 16, x: 32 };

const form = /^db\.([a-z])(\d[a-z0-9]*)\.([a-z0-9]+)$/;

/** Memory of a class in bytes; undefined if it is not known. */
export function memoryOf(instanceClass: string): number | undefined {
  const [, family = "", , size = ""] = form.exec(instanceClass) ?? [];
  const gibibytes = family === "t" ? burstable[size] : times(large[family], size);
  return gibibytes === undefined ? undefined : gibibytes * gibibyte;
}

function times(gibibytes: number | undefined, size: string): number | undefined {
  const [, count] = /^(\d*)(?:x?large)$/.exec(size) ?? [];
  if (gibibytes === undefined || count === undefined) return undefined;
  if (size === "large") return gibibytes;
  return gibibytes * 2 * (count === "" ? 1 : Number(count));
}

/**
 * RDS' formula for `max_connections`, of a class' whole memory:
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections
 */
export function defaultMaxConnections(instanceClass: string): number | undefined {
  const memory = memoryOf(instanceClass);
  return memory === undefined ? undefined : Math.min(Math.floor(memory / 9_531_392), 5000);
}

/** Checks the form of a class. Classes are not listed, because AWS adds new ones. */
export function checkInstanceClass(subject: string, instanceClass: string): Problem[] {
  if (form.test(instanceClass)) return [];
  return [
    {
      subject,
      message: "not a class of database instance",
      value: instanceClass,
      expected: "db.<family>.<size>, such as db.m7g.large",
      fix: /^[a-z]\d[a-z0-9]*\.[a-z0-9]+$/.test(instanceClass) ? `use db.${instanceClass}` : undefined,
    },
  ];
}

/** Whether a class earns CPU credits. */
export function isBurstable(instanceClass: string): boolean {
  return instanceClass.startsWith("db.t");
}

import { InputError, type Problem } from "../errors/problem.ts";

/** How a quantity is written: with the suffixes n u m k M G T P E, with Ki Mi Gi Ti Pi Ei, or with an exponent. */
export const QuantityFormat = {
  Decimal: "decimal",
  Binary: "binary",
  Exponent: "exponent",
} as const;
export type QuantityFormat = (typeof QuantityFormat)[keyof typeof QuantityFormat];

/** An amount of a Kubernetes resource, exact to the billionth, which is the finest that Kubernetes keeps. */
export interface Quantity {
  /** The amount in billionths: of a core, a byte, or whatever is counted. */
  nanos: bigint;
  /** How it was written, and so how a sum that begins with it is. */
  format: QuantityFormat;
}

const NANO = 10n ** 9n;
const LARGEST = (2n ** 63n - 1n) * NANO;

const binarySuffixes = new Map([
  ["Ki", 1n],
  ["Mi", 2n],
  ["Gi", 3n],
  ["Ti", 4n],
  ["Pi", 5n],
  ["Ei", 6n],
]);
const decimalSuffixes = new Map([
  ["n", -9],
  ["u", -6],
  ["m", -3],
  ["", 0],
  ["k", 3],
  ["M", 6],
  ["G", 9],
  ["T", 12],
  ["P", 15],
  ["E", 18],
]);

/**
 * Reads a Kubernetes quantity: `500m`, `1.5`, `512Mi`, `2G`, `1e3`. What is finer than a billionth is rounded away from
 * zero, as Kubernetes does.
 *
 * Grammar: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 *
 * @throws InputError if the text is not a quantity, or is beyond 2^63 - 1, where Kubernetes would cap it in silence.
 */
export function parseQuantity(text: string): Quantity {
  const result = read(text);
  if ("reason" in result) throw new InputError(toProblem(text, "quantity", result));
  return result;
}

/**
 * Problems of a text as a Kubernetes quantity.
 *
 * @param subject What the quantity is for, as the problem shall name it: `shield.resources.limits.memory`.
 */
export function checkQuantity(text: string, subject: string): Problem[] {
  const result = read(text);
  return "reason" in result ? [toProblem(text, subject, result)] : [];
}

/**
 * Problems of a text as a number of bytes: memory, disk, a buffer. The API server accepts `128m` and `128`, but these
 * are 0.128 and 128 bytes.
 *
 * @param subject What the bytes are for, as the problem shall name it.
 */
export function checkBytes(text: string, subject: string): Problem[] {
  const result = read(text);
  if ("reason" in result) return [toProblem(text, subject, result)];
  if (/^\d{1,3}$/.test(text) && result.nanos > 0n) return [withoutUnit(text, subject)];
  if (result.nanos >= 0n && result.nanos % NANO === 0n) return [];
  const number = /^\d+(\.\d+)?(?=m$)/.exec(text)?.[0];
  return [
    {
      subject,
      message: result.nanos < 0n ? "the number of bytes is negative" : "the quantity is not a whole number of bytes",
      value: number ? `${text}, which is ${number} thousandths of a byte` : text,
      expected: "whole bytes, with one of the units k M G T or Ki Mi Gi Ti, or none",
      fix: number && `did you mean ${number}Mi?`,
    },
  ];
}

/** Nothing that runs in a pod fits into less than a kilobyte. */
function withoutUnit(text: string, subject: string): Problem {
  return {
    subject,
    message: "the quantity has no unit",
    value: `${text}, which is ${text} bytes`,
    expected: "bytes with one of the units k M G T or Ki Mi Gi Ti",
    fix: `did you mean ${text}Mi or ${text}Gi?`,
  };
}

/**
 * Problems of a text as an amount of CPU. The API server accepts `512Mi` and `500M`, but these are millions of
 * cores.
 *
 * @param subject What the CPU is for, as the problem shall name it.
 */
export function checkCpu(text: string, subject: string): Problem[] {
  const result = read(text);
  const number = /^\d+(?=[kmgtpe]i?b?$)/i.exec(text)?.[0];
  const fix = number && `did you mean ${number}m?`;
  if ("reason" in result) return [toProblem(text, subject, fix ? { ...result, fix } : result)];
  const ofBytes = result.format === QuantityFormat.Binary || /[kMGTPE]$/.test(text);
  if (result.nanos >= 0n && !ofBytes) return [];
  return [
    {
      subject,
      message: result.nanos < 0n ? "the amount of CPU is negative" : "the amount of CPU has a unit of bytes",
      value: text,
      expected: "cores such as 2 or 0.5, or thousandths of one such as 500m",
      fix,
    },
  ];
}

/**
 * Compares two quantities exactly, however they are written.
 *
 * @returns -1 if `a` is less than `b`, 0 if they are equal, 1 if `a` is more.
 * @throws InputError if either is not a quantity.
 */
export function compareQuantities(a: string, b: string): number {
  const difference = parseQuantity(a).nanos - parseQuantity(b).nanos;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/**
 * The sum of quantities in canonical form, written like the first that is not zero. The sum of none is `0`.
 *
 * @throws InputError if one is not a quantity, or the sum is beyond 2^63 - 1.
 */
export function addQuantities(...all: string[]): string {
  const parsed = all.map(parseQuantity);
  const sum = formatQuantity({
    nanos: parsed.reduce((total, { nanos }) => total + nanos, 0n),
    format: parsed.find(({ nanos }) => nanos !== 0n)?.format ?? QuantityFormat.Decimal,
  });
  parseQuantity(sum);
  return sum;
}

/**
 * Writes a quantity in Kubernetes' canonical form: no fraction, and the largest suffix that needs none. A binary one
 * that is below 1024 or not whole is written as a decimal one.
 */
export function formatQuantity({ nanos, format }: Quantity): string {
  if (nanos === 0n) return "0";
  if (format === QuantityFormat.Binary && nanos % NANO === 0n && abs(nanos) >= 1024n * NANO) {
    return formatBinary(nanos / NANO);
  }
  let exponent = -9;
  let mantissa = nanos;
  while (exponent < 18 && mantissa % 1000n === 0n) {
    mantissa /= 1000n;
    exponent += 3;
  }
  if (format === QuantityFormat.Exponent)
    return exponent === 0 ? String(mantissa) : `${mantissa.toString()}e${exponent}`;
  return mantissa.toString() + suffixOf(decimalSuffixes, exponent);
}

function formatBinary(whole: bigint): string {
  let power = 0n;
  let mantissa = whole;
  while (power < 6n && mantissa % 1024n === 0n) {
    mantissa /= 1024n;
    power += 1n;
  }
  return mantissa.toString() + (power === 0n ? "" : suffixOf(binarySuffixes, power));
}

function suffixOf<T>(suffixes: Map<string, T>, wanted: T): string {
  for (const [suffix, value] of suffixes) if (value === wanted) return suffix;
  throw new RangeError(`There is no suffix for ${String(wanted)}.`);
}

interface Failure {
  reason: string;
  fix?: string;
}

function read(text: string): Quantity | Failure {
  if (text === "") return { reason: "the quantity is empty" };
  if (/\s/.test(text)) return { reason: "a quantity has no white space", fix: `use ${text.replace(/\s+/g, "")}` };
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(.*)$/.exec(text);
  const [, sign = "", whole = "", fraction = "", suffix = ""] = match ?? [];
  if (whole + fraction === "") return { reason: "a quantity begins with a number" };
  const scale = readSuffix(suffix);
  if (scale === undefined) return unknownSuffix(sign + whole + (fraction && `.${fraction}`), suffix);
  // An exponent of any size is grammatical; beyond this the outcome no longer depends on it.
  const exponent = BigInt(Math.max(-1000, Math.min(1000, scale.exponent)) + 9);
  const digits = BigInt(whole + fraction) * 1024n ** scale.binary;
  const places = exponent - BigInt(fraction.length);
  const magnitude = places >= 0n ? digits * 10n ** places : divideUp(digits, 10n ** -places);
  if (magnitude > LARGEST) return { reason: "the quantity is larger than Kubernetes can hold, 2^63 - 1" };
  return { nanos: sign === "-" ? -magnitude : magnitude, format: scale.format };
}

function readSuffix(suffix: string): { binary: bigint; exponent: number; format: QuantityFormat } | undefined {
  const binary = binarySuffixes.get(suffix);
  if (binary !== undefined) return { binary, exponent: 0, format: QuantityFormat.Binary };
  const decimal = decimalSuffixes.get(suffix);
  if (decimal !== undefined) return { binary: 0n, exponent: decimal, format: QuantityFormat.Decimal };
  const written = /^[eE]([+-]?\d+)$/.exec(suffix)?.[1];
  return written === undefined ? undefined : { binary: 0n, exponent: Number(written), format: QuantityFormat.Exponent };
}

function unknownSuffix(number: string, suffix: string): Failure {
  const reason = `the unit ${JSON.stringify(suffix)} is unknown`;
  // KB, mb, gib, K and their like: the letter says which power is meant, not whether of 1000 or 1024.
  const letter = /^([kmgtpe])(i?)b?$/i.exec(suffix);
  if (letter?.[1] === undefined) return { reason };
  const power = letter[1].toUpperCase();
  const binary = `${number}${power}i`;
  const decimal = `${number}${power === "K" ? "k" : power}`;
  return letter[2]
    ? { reason, fix: `use ${binary}` }
    : { reason, fix: `use ${decimal} (powers of 1000) or ${binary} (of 1024)` };
}

function toProblem(text: string, subject: string, failure: Failure): Problem {
  return {
    subject,
    message: failure.reason,
    value: text,
    expected: "a number with one of the units n u m k M G T P E, Ki Mi Gi Ti Pi Ei, an exponent such as e3, or none",
    fix: failure.fix,
  };
}

function divideUp(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b;
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}

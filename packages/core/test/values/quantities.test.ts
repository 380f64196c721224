import {
  checkBytes,
  checkCpu,
  addQuantities,
  checkQuantity,
  compareQuantities,
  formatQuantity,
  InputError,
  parseQuantity,
  QuantityFormat,
} from "@gatehouse/core";
import { expect, test } from "vitest";

const { Decimal, Binary, Exponent } = QuantityFormat;

test.each([
  ["0", 0n, Decimal],
  ["1", 10n ** 9n, Decimal],
  ["+1", 10n ** 9n, Decimal],
  ["-1", -(10n ** 9n), Decimal],
  ["500m", 5n * 10n ** 8n, Decimal],
  ["0.1", 10n ** 8n, Decimal],
  [".5", 5n * 10n ** 8n, Decimal],
  ["1.", 10n ** 9n, Decimal],
  ["1n", 1n, Decimal],
  ["1u", 1000n, Decimal],
  ["2k", 2n * 10n ** 12n, Decimal],
  ["1.5G", 15n * 10n ** 17n, Decimal],
  ["9E", 9n * 10n ** 27n, Decimal],
  ["1Ki", 1024n * 10n ** 9n, Binary],
  ["1.5Gi", 1610612736n * 10n ** 9n, Binary],
  ["0.1Ki", 1024n * 10n ** 8n, Binary],
  ["7Ei", 7n * 2n ** 60n * 10n ** 9n, Binary],
  ["1e3", 10n ** 12n, Exponent],
  ["1E-3", 10n ** 6n, Exponent],
  ["12E+2", 12n * 10n ** 11n, Exponent],
  ["9223372036854775807", (2n ** 63n - 1n) * 10n ** 9n, Decimal],
])("%s is exact", (text, nanos, format) => {
  expect(parseQuantity(text)).toEqual({ nanos, format });
});

test.each([
  ["0.1n", 1n],
  ["1.0000000001", 10n ** 9n + 1n],
  ["-0.1n", -1n],
  ["1e-1000", 1n],
  ["0e99999999999999999999", 0n],
])("%s, finer than a billionth, is rounded away from zero", (text, nanos) => {
  expect(parseQuantity(text).nanos).toBe(nanos);
});

test.each([
  ["", "the quantity is empty", undefined],
  ["1 Gi", "a quantity has no white space", "use 1Gi"],
  ["Gi", "a quantity begins with a number", undefined],
  [".", "a quantity begins with a number", undefined],
  ["abc", "a quantity begins with a number", undefined],
  ["1GB", 'the unit "GB" is unknown', "use 1G (powers of 1000) or 1Gi (of 1024)"],
  ["512mb", 'the unit "mb" is unknown', "use 512M (powers of 1000) or 512Mi (of 1024)"],
  ["1.5gi", 'the unit "gi" is unknown', "use 1.5Gi"],
  ["1K", 'the unit "K" is unknown', "use 1k (powers of 1000) or 1Ki (of 1024)"],
  ["1KiB", 'the unit "KiB" is unknown', "use 1Ki"],
  ["1e", 'the unit "e" is unknown', "use 1E (powers of 1000) or 1Ei (of 1024)"],
  ["1e1.5", 'the unit "e1.5" is unknown', undefined],
  ["1,5", 'the unit ",5" is unknown', undefined],
  ["1.2.3", 'the unit ".3" is unknown', undefined],
  ["0x10", 'the unit "x10" is unknown', undefined],
  ["--1", "a quantity begins with a number", undefined],
  ["8Ei", "the quantity is larger than Kubernetes can hold, 2^63 - 1", undefined],
  ["9223372036854775808", "the quantity is larger than Kubernetes can hold, 2^63 - 1", undefined],
  ["1e1000000000", "the quantity is larger than Kubernetes can hold, 2^63 - 1", undefined],
])("%j is refused: %s", (text, message, fix) => {
  expect(checkQuantity(text, "limits.memory")).toEqual([
    {
      subject: "limits.memory",
      message,
      value: text,
      expected: "a number with one of the units n u m k M G T P E, Ki Mi Gi Ti Pi Ei, an exponent such as e3, or none",
      fix,
    },
  ]);
  expect(() => parseQuantity(text)).toThrow(InputError);
});

test("a good quantity has no problem", () => {
  expect(checkQuantity("512Mi", "limits.memory")).toEqual([]);
});

test.each([
  ["1Gi", "1G", 1],
  ["1000m", "1", 0],
  ["999m", "1", -1],
  ["1024Ki", "1Mi", 0],
  ["1e3", "1k", 0],
  ["-1", "0", -1],
  ["9007199254740993", "9007199254740992", 1],
  ["0.3", "300m", 0],
])("%s against %s", (a, b, order) => {
  expect(compareQuantities(a, b)).toBe(order);
  expect(compareQuantities(b, a)).toBe(order === 0 ? 0 : -order);
});

test.each([
  [[], "0"],
  [["0"], "0"],
  [["250m", "250m"], "500m"],
  [["500m", "500m"], "1"],
  [["0.1", "0.2"], "300m"],
  [["1.5Gi", "512Mi"], "2Gi"],
  [["1Gi", "1Mi"], "1025Mi"],
  [["1Gi", "500M"], "1573741824"],
  [["500M", "1Gi"], "1573741824"],
  [["0", "1Gi"], "1Gi"],
  [["512", "512Ki"], "524800"],
  [["1Ki", "-1"], "1023"],
  [["1Ki", "-24"], "1k"],
  [["-1Ki"], "-1Ki"],
  [["1Ki", "1"], "1025"],
  [["1Gi", "500m"], "1073741824500m"],
  [["1e3", "1e3"], "2e3"],
  [["1e3", "500"], "1500"],
  [["1Ei", "-1Ei"], "0"],
  [["100m", "-1"], "-900m"],
  [["999n", "1n"], "1u"],
])("the sum of %j is %s", (all, sum) => {
  expect(addQuantities(...all)).toBe(sum);
});

test("a sum that Kubernetes cannot hold is refused", () => {
  expect(() => addQuantities("7Ei", "1Ei")).toThrow("the quantity is larger than Kubernetes can hold, 2^63 - 1");
});

/** The same numbers in every run. */
function* randoms(count: number): Generator<number> {
  let state = 42;
  for (let index = 0; index < count; index += 1) {
    state = (state * 1103515245 + 12345) % 2147483648;
    yield state;
  }
}

const powers: Record<string, [base: bigint, exponent: bigint]> = {
  n: [10n, -9n],
  u: [10n, -6n],
  m: [10n, -3n],
  "": [10n, 0n],
  k: [10n, 3n],
  M: [10n, 6n],
  G: [10n, 9n],
  Ki: [1024n, 1n],
  Mi: [1024n, 2n],
  Gi: [1024n, 3n],
};

/** Quantities with up to three decimal places, each with its value times 10^12. */
const samples = [...randoms(600)].map((random) => {
  const suffixes = Object.keys(powers);
  const suffix = suffixes[random % suffixes.length] ?? "";
  const thousandths = BigInt(random % 999983);
  const [base, exponent] = powers[suffix] ?? [1n, 0n];
  const scaled = thousandths * 10n ** 9n;
  const value = exponent < 0n ? scaled / base ** -exponent : scaled * base ** exponent;
  const digits = String(thousandths).padStart(4, "0");
  return { text: `${digits.slice(0, -3)}.${digits.slice(-3)}${suffix}`, value };
});

test("parsing agrees with arithmetic on the digits", () => {
  for (const { text, value } of samples) {
    expect(parseQuantity(text).nanos, text).toBe(value / 1000n + (value % 1000n === 0n ? 0n : 1n));
  }
});

test("formatting and parsing again changes nothing, and the canonical form is its own", () => {
  for (const { text } of samples) {
    const canonical = formatQuantity(parseQuantity(text));
    expect(parseQuantity(canonical).nanos, text).toBe(parseQuantity(text).nanos);
    expect(formatQuantity(parseQuantity(canonical)), text).toBe(canonical);
    expect(canonical, text).toMatch(/^\d+(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/);
  }
});

test("the order is that of the values, and adding keeps it", () => {
  samples.slice(1).forEach(({ text: a }, index) => {
    const b = samples[index]?.text ?? "";
    const difference = parseQuantity(a).nanos - parseQuantity(b).nanos;
    expect(compareQuantities(a, b), `${a} ${b}`).toBe(difference > 0n ? 1 : difference < 0n ? -1 : 0);
    expect(compareQuantities(addQuantities(a, b), addQuantities(b, a))).toBe(0);
    expect(parseQuantity(addQuantities(a, b)).nanos).toBe(parseQuantity(a).nanos + parseQuantity(b).nanos);
  });
});

test.each(["0", "128974848", "129e6", "129M", "128Mi", "0.5Gi", "128000m"])("%s is a number of bytes", (text) => {
  expect(checkBytes(text, "memory")).toEqual([]);
});

test("thousandths of a byte, parts of a byte and negative bytes are refused", () => {
  const expected = "whole bytes, with one of the units k M G T or Ki Mi Gi Ti, or none";
  const message = "the quantity is not a whole number of bytes";
  expect(checkBytes("128m", "memory")).toEqual([
    {
      subject: "memory",
      message,
      value: "128m, which is 128 thousandths of a byte",
      expected,
      fix: "did you mean 128Mi?",
    },
  ]);
  expect(checkBytes("0.5", "memory")).toEqual([{ subject: "memory", message, value: "0.5", expected, fix: undefined }]);
  expect(checkBytes("-1Gi", "memory")).toMatchObject([{ message: "the number of bytes is negative", value: "-1Gi" }]);
  expect(checkBytes("128", "memory")).toEqual([
    {
      subject: "memory",
      message: "the quantity has no unit",
      value: "128, which is 128 bytes",
      expected: "bytes with one of the units k M G T or Ki Mi Gi Ti",
      fix: "did you mean 128Mi or 128Gi?",
    },
  ]);
  expect(checkBytes("134217728", "memory")).toEqual([]);
  expect(checkBytes("128mb", "memory")).toMatchObject([{ fix: "use 128M (powers of 1000) or 128Mi (of 1024)" }]);
});

test.each(["0", "2", "0.5", "500m", "1e1"])("%s is an amount of CPU", (text) => {
  expect(checkCpu(text, "cpu")).toEqual([]);
});

test("an amount of CPU with a unit of bytes, or below zero, is refused", () => {
  expect(checkCpu("512Mi", "cpu")).toEqual([
    {
      subject: "cpu",
      message: "the amount of CPU has a unit of bytes",
      value: "512Mi",
      expected: "cores such as 2 or 0.5, or thousandths of one such as 500m",
      fix: "did you mean 512m?",
    },
  ]);
  const cores = (fix: string) => [{ message: "the amount of CPU has a unit of bytes", fix }];
  expect(checkCpu("500M", "cpu")).toMatchObject(cores("did you mean 500m?"));
  expect(checkCpu("1k", "cpu")).toMatchObject(cores("did you mean 1m?"));
  expect(checkCpu("100mi", "cpu")).toMatchObject([{ message: 'the unit "mi" is unknown', fix: "did you mean 100m?" }]);
  expect(checkCpu("-1", "cpu")).toMatchObject([{ message: "the amount of CPU is negative" }]);
});

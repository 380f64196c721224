import { checkPinned, checkRelease, InputError, parseImage } from "@gatehouse/core";
import { expect, test } from "vitest";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

test.each([
  ["redis", { name: "redis", registry: "docker.io", repository: "library/redis" }],
  ["redis:7.2", { name: "redis", registry: "docker.io", repository: "library/redis", tag: "7.2" }],
  ["voidkey/broker:1", { name: "voidkey/broker", registry: "docker.io", repository: "voidkey/broker", tag: "1" }],
  [
    "gcr.io/materi/shield:2.1.0",
    { name: "gcr.io/materi/shield", registry: "gcr.io", repository: "materi/shield", tag: "2.1.0" },
  ],
  ["localhost/a", { name: "localhost/a", registry: "localhost", repository: "a" }],
  ["host:5000/a/b", { name: "host:5000/a/b", registry: "host:5000", repository: "a/b" }],
  ["host:5000/a/b:c", { name: "host:5000/a/b", registry: "host:5000", repository: "a/b", tag: "c" }],
  ["[::1]:5000/a", { name: "[::1]:5000/a", registry: "[::1]:5000", repository: "a" }],
  [`r.io/a@${digest}`, { name: "r.io/a", registry: "r.io", repository: "a", digest }],
  [`r.io/a:1@${digest}`, { name: "r.io/a", registry: "r.io", repository: "a", tag: "1", digest }],
  ["r.io/a__b/c.d/e--f", { name: "r.io/a__b/c.d/e--f", registry: "r.io", repository: "a__b/c.d/e--f" }],
])("%s", (reference, parts) => {
  expect(parseImage(reference)).toEqual(parts);
});

test.each([
  ["", "the image is empty"],
  ["r.io/Shield", 'the repository "Shield" is not lower-case letters and digits, separated by / . _ or -'],
  ["a//b", 'the repository "a//b" is not lower-case letters and digits, separated by / . _ or -'],
  ["r.io/", 'the repository "" is not lower-case letters and digits, separated by / . _ or -'],
  ["a b", 'the repository "a b" is not lower-case letters and digits, separated by / . _ or -'],
  ["a_-b", 'the repository "a_-b" is not lower-case letters and digits, separated by / . _ or -'],
  ["-r.io/a", 'the registry "-r.io" is not a host'],
  ["https://r.io/a", 'the registry "https:" is not a host'],
  ["a:", 'the tag "" is not 1 to 128 letters, digits and _ . -'],
  [`a:${"t".repeat(129)}`, `the tag "${"t".repeat(129)}" is not 1 to 128 letters, digits and _ . -`],
  ["a@sha256:abc", 'the digest "sha256:abc" is not sha256: and 64 hexadecimal digits'],
])("%j is refused: %s", (reference, message) => {
  expect(() => parseImage(reference)).toThrow(InputError);
  expect(checkPinned(reference, "shield:image")).toEqual([
    {
      subject: "shield:image",
      message,
      value: reference,
      expected: "an image reference such as gcr.io/materi/shield:2.1.0",
    },
  ]);
});

test.each(["redis:7", `redis@${digest}`, `redis:latest@${digest}`])("%s is pinned", (reference) => {
  expect(checkPinned(reference, "shield:image")).toEqual([]);
});

test.each(["gcr.io/materi/shield", "gcr.io/materi/shield:latest"])("%s is not pinned", (reference) => {
  const problem = {
    message: "the image is not pinned",
    value: reference,
    expected: 'a tag other than "latest", or a digest',
  };
  expect(checkPinned(reference, "shield:image")).toEqual([
    { subject: "shield:image", ...problem, fix: "pulumi config set shield:image gcr.io/materi/shield:VERSION" },
  ]);
  expect(checkPinned(reference, "shield.containers.server")).toEqual([
    { subject: "shield.containers.server", ...problem, fix: "for example gcr.io/materi/shield:VERSION" },
  ]);
});

test.each([
  `redis@${digest}`,
  `redis:7@${digest}`,
  "redis:7.2.11-alpine",
  "r.io/shield:v2.1.0",
  "r.io/shield:20260114",
  "r.io/shield:2026-01-14",
  "r.io/shield:3f2a1bc",
  "r.io/shield:release-42",
  "postgres:15.14",
  "gcr.io/materi/postgres-backup:15.14-alpine",
])("%s is one release", (reference) => {
  expect(checkRelease(reference, "shield:image")).toEqual([]);
});

test.each(["redis:7", "redis:7.2", "redis:7.2-alpine", "r.io/shield:v2", "r.io/shield:stable", "postgres:15"])(
  "%s moves with each release",
  (reference) => {
    expect(checkRelease(reference, "shield:image")).toEqual([
      {
        subject: "shield:image",
        message: "the image's tag moves with each release",
        value: reference,
        expected: "a full version such as 7.2.11-alpine, or a digest",
        fix: `find the digest of what you have tested, and use ${reference.split(":")[0] ?? ""}@sha256:DIGEST`,
      },
    ]);
  },
);

test.each(["redis", "redis:latest", "Redis:7.2.11"])("%s is refused as an image that is not pinned", (reference) => {
  expect(checkRelease(reference, "shield:image")).toEqual(checkPinned(reference, "shield:image"));
  expect(checkRelease(reference, "shield:image")).toHaveLength(1);
});

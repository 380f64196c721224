import { ignored } from "@gatehouse/core";
import { expect, test } from "vitest";

test("options that have an effect pass", () => {
  expect(ignored("cache", "tls is false", true, { caVariable: "CA" })).toEqual([]);
});

test("each option that is given and has no effect is named", () => {
  expect(ignored("cache", "tls is false", false, { caVariable: "CA", tlsPort: 0, other: undefined })).toEqual([
    {
      subject: "cache.caVariable",
      message: "caVariable has no effect because tls is false",
      fix: "remove caVariable",
    },
    { subject: "cache.tlsPort", message: "tlsPort has no effect because tls is false", fix: "remove tlsPort" },
  ]);
});

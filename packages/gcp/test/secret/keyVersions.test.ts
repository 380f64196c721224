import { checkKeyVersions, keyVersions, type KeyVersionsArgs } from "@gatehouse/gcp";
import { describe, expect, test } from "vitest";

const messages = (keys: KeyVersionsArgs): string[] =>
  checkKeyVersions("keys", keys).map(({ subject, message }) => `${subject}: ${message}`);

describe("each version of a key has one role", () => {
  test.each<[string, KeyVersionsArgs, boolean[]]>([
    ["the first", { current: 1 }, [true]],
    ["the next is made", { current: 1, next: 2 }, [true, true]],
    ["switched", { current: 2, previous: 1 }, [true, true]],
    ["dropped", { current: 2, dropped: [1] }, [true, true]],
    ["disabled", { current: 2, disabled: [1] }, [false, true]],
    ["taken back", { current: 1, previous: 2 }, [true, true]],
    ["a second rotation", { current: 3, previous: 2, disabled: [1] }, [false, true, true]],
  ])("%s", (_, keys, enabled) => {
    expect(messages(keys)).toEqual([]);
    expect(keyVersions(keys)).toEqual(enabled.map((one, index) => ({ version: index + 1, enabled: one })));
  });

  test.each<[string, KeyVersionsArgs, string[]]>([
    [
      "current and previous",
      { current: 2, previous: 2, dropped: [1] },
      ["keys.previous: version 2 is both current and previous"],
    ],
    ["current and next", { current: 1, next: 1 }, ["keys.next: version 1 is both current and next"]],
    ["current and disabled", { current: 1, disabled: [1] }, ["keys.disabled: version 1 is both current and disabled"]],
    [
      "previous and disabled",
      { current: 2, previous: 1, disabled: [1] },
      ["keys.disabled: version 1 is both previous and disabled"],
    ],
    ["not the number of a version", { current: 0 }, ["keys.current: not the number of a version"]],
    [
      "forgotten",
      { current: 2 },
      ["keys.previous: version 1 has no role, so data that is encrypted with it could no longer be read"],
    ],
    [
      "forgotten while a next one is made",
      { current: 2, next: 3 },
      ["keys.previous: version 1 has no role, so data that is encrypted with it could no longer be read"],
    ],
  ])("%s is an error", (_, keys, expected) => {
    expect(messages(keys)).toEqual(expected);
  });
});

import { defineConfig } from "vitest/config";
import { LongestFirst } from "./longestFirst.ts";

// What runs real programs, which a machine with Node alone does not have.
export default defineConfig({
  ssr: { resolve: { conditions: ["@gatehouse/source", "node", "import", "default"] } },
  test: {
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    // More than there are cores, as most of it waits for servers.
    maxWorkers: 3,
    maxConcurrency: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: 180_000,
    hookTimeout: 300_000,
    reporters: ["default", "./report.ts"],
  },
});

import { defineConfig } from "vitest/config";

// What runs real programs, which a machine with Node alone does not have.
export default defineConfig({
  ssr: { resolve: { conditions: ["@gatehouse/source", "node", "import", "default"] } },
  test: {
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    maxWorkers: 2,
    maxConcurrency: 2,
    testTimeout: 180_000,
    hookTimeout: 300_000,
    reporters: ["default", "./report.ts"],
  },
});

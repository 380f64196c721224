import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  // Tests import the packages' sources, as the workspace's programs do.
  ssr: { resolve: { conditions: ["@gatehouse/source", "node", "import", "default"] } },
  test: {
    include: ["packages/*/test/**/*.test.ts", "stacks/**/*.test.ts", "test/**/*.test.ts"],
    exclude: ["**/node_modules/**", "test/engine/**", "test/consumers/**"],
    // By itself vitest leaves one core to itself, which of two is half.
    maxWorkers: availableParallelism(),
    // A process for each file would spend most of its time on loading the SDKs again.
    isolate: false,
    setupFiles: ["test/support/freshFile.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});

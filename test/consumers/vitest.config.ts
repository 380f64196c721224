import { defineConfig } from "vitest/config";

/** Other people's programs, with the packed packages installed. They need the tarballs of `npm run pack`, and npm. */
export default defineConfig({
  test: {
    dir: import.meta.dirname,
    globalSetup: [`${import.meta.dirname}/setup.ts`],
    testTimeout: 120_000,
    hookTimeout: 600_000,
  },
});

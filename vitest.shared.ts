import type { ViteUserConfig } from 'vitest/config';

/** Tests read the sources of sibling packages, so no stale build can hide a mistake. */
export const shared: ViteUserConfig = {
  resolve: { conditions: ['@lockstep/source'] },
  ssr: { resolve: { conditions: ['@lockstep/source'] } },
  test: {
    include: ['src/**/*.test.ts'],
    passWithNoTests: false,
    testTimeout: 60_000,
  },
};

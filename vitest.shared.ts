import { basename, join } from 'node:path';
import type { ViteUserConfig } from 'vitest/config';

/** A folder that gets one JSON report for each project. */
const reports = process.env['LOCKSTEP_REPORTS'];

/** Tests read the sources of sibling packages, so no stale build can hide a mistake. */
export const shared: ViteUserConfig = {
  resolve: { conditions: ['@lockstep/source'] },
  ssr: { resolve: { conditions: ['@lockstep/source'] } },
  test: {
    include: ['src/**/*.test.ts'],
    passWithNoTests: false,
    // A busy machine is slow, not broken.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: reports
      ? ['default', ['json', { outputFile: join(reports, `${basename(process.cwd())}.json`) }]]
      : ['default'],
  },
};

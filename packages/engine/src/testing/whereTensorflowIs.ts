/** Tests that need libtensorflow: skipped, with the reason, on a machine that has none. */
import { test } from 'vitest';
import { findLibrary } from '../tensorflow/findLibrary.ts';

/** `tests` declares them. LOCKSTEP_REQUIRE=all makes a missing library a failure. */
export function whereTensorflowIs(tests: () => void): void {
  const reason = whyMissing();
  if (reason === undefined) {
    tests();
    return;
  }
  test('libtensorflow is here', (context) => {
    if (process.env['LOCKSTEP_REQUIRE'] === 'all') throw new Error(reason);
    context.skip(reason);
  });
}

function whyMissing(): string | undefined {
  try {
    findLibrary();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

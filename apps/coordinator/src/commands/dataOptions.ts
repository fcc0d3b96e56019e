/** Flags as the options of a data set. */
import type { DataOptions } from '@lockstep/trainer/datasets';
import type { DataFlags } from '../dataFlags.ts';

/** What `split` may be is checked where the data is opened. */
export function dataOptionsOf(flags: DataFlags): DataOptions {
  const { testData, validationData, ...others } = flags;
  return {
    ...(pick(others) as DataOptions),
    ...(testData !== undefined && { test: testData }),
    ...(validationData !== undefined && { validation: validationData }),
  };
}

const KEYS = [
  'holdOut',
  'validationHoldOut',
  'split',
  'splitSeed',
  'augment',
  'resize',
  'color',
  'binarize',
  'labels',
  'onlyLabels',
  'read',
] as const;

/** Commands have flags of their own beside these. */
function pick(flags: Partial<Record<(typeof KEYS)[number], unknown>>): object {
  return Object.fromEntries(
    KEYS.flatMap((key) => (flags[key] === undefined ? [] : [[key, flags[key]]])),
  );
}

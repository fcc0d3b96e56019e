/** Flags as the options of a data set. */
import type { DataOptions } from '@lockstep/trainer/datasets';
import type { DataFlags } from '../dataFlags.ts';
import { invalidValue } from '../optionValues.ts';

/** What `split` may be is checked where the data is opened. Throws UsageError. */
export async function dataOptionsOf(flags: DataFlags): Promise<DataOptions> {
  const { testData, validationData, memoryLimit, ...others } = flags;
  return {
    ...(pick(others) as DataOptions),
    ...(testData !== undefined && { test: testData }),
    ...(validationData !== undefined && { validation: validationData }),
    ...(memoryLimit !== undefined && { memoryLimit: await bytesOfMemory(memoryLimit) }),
  };
}

async function bytesOfMemory(text: string): Promise<number> {
  const { parseBytes } = await import('@lockstep/trainer/datasets');
  const bytes = parseBytes(text);
  if (bytes === undefined) throw invalidValue('--memory-limit', 'an amount such as 512M', text);
  return bytes;
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
  'labelledShare',
  'onlyLabels',
  'read',
] as const;

/** Commands have flags of their own beside these. */
function pick(flags: Partial<Record<(typeof KEYS)[number], unknown>>): object {
  return Object.fromEntries(
    KEYS.flatMap((key) => (flags[key] === undefined ? [] : [[key, flags[key]]])),
  );
}

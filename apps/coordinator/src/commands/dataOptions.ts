/** Flags as the options of a data set. */
import type { DataOptions } from '@lockstep/trainer/datasets';
import type { DataFlags } from '../dataFlags.ts';
import { invalidValue } from '../optionValues.ts';

/** Throws UsageError. */
export async function dataOptionsOf(flags: DataFlags): Promise<DataOptions> {
  const { testData, validationData, memoryLimit, ...others } = flags;
  await checkTexts(flags);
  return {
    ...(pick(others) as DataOptions),
    ...(testData !== undefined && { test: testData }),
    ...(validationData !== undefined && { validation: validationData }),
    ...(memoryLimit !== undefined && { memoryLimit: await bytesOfMemory(memoryLimit) }),
  };
}

/** Of flags whose text is a small language. */
async function checkTexts({ split, augment }: DataFlags): Promise<void> {
  const { augmentationSyntax, isAugmentation, isSplit } =
    await import('@lockstep/trainer/datasets');
  if (split !== undefined && !isSplit(split)) {
    throw invalidValue('--split', 'random, stratified or group:COLUMN', split);
  }
  if (augment !== undefined && !isAugmentation(augment)) {
    throw invalidValue('--augment', augmentationSyntax, augment);
  }
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

/** What a split makes of examples: the positions of each part, ascending. */
import { DataError } from '../errors.ts';

export const partNames = ['train', 'validation', 'test'] as const;

export type PartName = (typeof partNames)[number];

export type Positions = Readonly<Record<PartName, Uint32Array>>;

/** Shares of the examples, 0 where there is no such part; what remains is trained on. */
export interface Shares {
  readonly validation: number;
  readonly test: number;
}

/** How many examples each part has. */
export type Counts = Readonly<Record<PartName, number>>;

export function shareOf(shares: Shares, part: PartName): number {
  return part === 'train' ? 1 - shares.validation - shares.test : shares[part];
}

/** The parts that are to have examples. */
export function wantedParts(shares: Shares): readonly PartName[] {
  return partNames.filter((part) => part === 'train' || shares[part] > 0);
}

/** `partOf[i]`: the index in `partNames` of the part of example i. */
export function gatherParts(partOf: Uint8Array): Positions {
  const counts = [0, 0, 0];
  for (const part of partOf) counts[part] = (counts[part] ?? 0) + 1;
  const arrays = counts.map((count) => new Uint32Array(count));
  const filled = [0, 0, 0];
  for (let i = 0; i < partOf.length; i++) {
    const part = partOf[i] ?? 0;
    const at = filled[part] ?? 0;
    const array = arrays[part];
    if (array) array[at] = i;
    filled[part] = at + 1;
  }
  const [train, validation, test] = arrays;
  if (!train || !validation || !test) throw new Error('There are three parts.');
  return { train, validation, test };
}

/** What is split, for messages, and how much of it there is. */
export interface Counted {
  readonly where: string;
  readonly count: number;
  /** How the same file would have more. */
  readonly forMore?: string | undefined;
}

/** Throws DATA_EMPTY_PART. */
export function checkEnough(
  { where, count, forMore }: Counted,
  units: string,
  shares: Shares,
): void {
  const parts = wantedParts(shares);
  if (count >= parts.length) return;
  throw new DataError({
    code: 'DATA_EMPTY_PART',
    where,
    expected: `at least ${parts.length} ${units}, one for each part (${parts.join(', ')})`,
    got: `${count}`,
    fix: `${forMore === undefined ? 'Add examples' : `${forMore}, add examples`}, split into fewer parts, or name files for the parts (--validation-data, --test-data).`,
  });
}

/** Throws DATA_EMPTY_PART. */
export function checkNoneEmpty(where: string, counts: Counts, shares: Shares): void {
  const empty = wantedParts(shares).find((part) => counts[part] === 0);
  if (empty === undefined) return;
  throw new DataError({
    code: 'DATA_EMPTY_PART',
    where,
    expected: `examples in the ${empty} part, a share of ${Number(shareOf(shares, empty).toFixed(6))}`,
    got: 'none: the classes are too small',
    fix: 'Take a larger share, or do not stratify the split.',
  });
}

/** A table with columns of all kinds, and its likelihood in float64 from the definitions, for tests. */
import type { ColumnInfo } from '../model.ts';

const column = (name: string, categories?: number, kind?: 'ordinal'): ColumnInfo => ({
  name,
  kind: categories === undefined ? 'numeric' : (kind ?? 'categorical'),
  missing: true,
  ...(categories !== undefined && { categories }),
});

/** Groups of one column and of several, some padded; a column that never changes. */
export const tableColumns: readonly ColumnInfo[] = [
  column('three', 3),
  column('width'),
  column('grade', 4, 'ordinal'),
  column('four', 4),
  column('yes', 2, 'ordinal'),
  column('five', 5),
  column('height'),
  column('same', 1),
  column('small', 3, 'ordinal'),
  column('still', 1, 'ordinal'),
];

/** Where a column's numbers begin in the decoder's output, and how many there are. */
export const tableOutputs: readonly (readonly [start: number, count: number])[] = [
  [3, 3], // three: the first of the group with up to 4, behind 2 numbers and 1 of the one category
  [0, 1],
  [18, 3], // grade: the group of 3 and 4 comes behind those of 1 and of 2
  [7, 4],
  [17, 1],
  [11, 5],
  [1, 1],
  [2, 1],
  [21, 2], // the third is not used
  [16, 0], // an output that is not used
];
export const tableOutputCount = 24;

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const softplus = (x: number) => Math.log1p(Math.exp(x));

export type Density = 'gaussian' | 'student-t' | 'laplace';

const densities: Readonly<Record<Density, (u: number) => number>> = {
  gaussian: (u) => 0.5 * u * u + 0.5 * Math.log(2 * Math.PI),
  laplace: (u) => Math.abs(u) + Math.LN2,
  'student-t': (u) => Math.log((3 * Math.PI * Math.sqrt(5)) / 8) + 3 * Math.log1p((u * u) / 5),
};

/** -log p of a value, from the decoder's numbers for its column and, of a number, its scale. */
export function columnLoss(
  { kind }: ColumnInfo,
  x: number,
  outputs: readonly number[],
  { scale, density = 'gaussian' }: { readonly scale: number; readonly density?: Density },
): number {
  if (Number.isNaN(x)) return 0;
  if (kind === 'numeric') {
    return densities[density]((x - (outputs[0] ?? NaN)) / scale) + Math.log(scale);
  }
  if (kind === 'categorical') {
    const total = outputs.reduce((sum, l) => sum + Math.exp(l), 0);
    return Math.log(total) - (outputs[x] ?? NaN);
  }
  const thresholds = outputs.map((o, i) =>
    outputs
      .slice(1, i + 1)
      .reduce((t, step) => t + softplus(step), i === 0 ? o : (outputs[0] ?? 0)),
  );
  const upTo = (r: number) => (r < 0 ? 0 : sigmoid(thresholds[r] ?? Infinity));
  return -Math.log(upTo(x) - upTo(x - 1));
}

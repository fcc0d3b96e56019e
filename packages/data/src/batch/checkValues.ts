/** Whether the values of a dataset are such as a model can score. */
import type { Dataset } from '../dataset.ts';
import { DataError } from '../errors.ts';
import type { DataKind } from '../format.ts';
import { elementCount } from '../shape.ts';
import { sparseViews } from '../valueType.ts';

/** low, low + step, ... high; absent: no bound, and any value between. */
export interface ValueSupport {
  readonly low?: number;
  readonly high?: number;
  readonly step?: number;
  /** Whether values may be missing (NaN). */
  readonly missing?: boolean;
}

/** Steps are near enough when they are off by this part of one. */
const TOLERANCE = 1e-3;

/** Of data that is streamed, its head is looked at. Throws DATA_MODEL_VALUES, DATA_MISSING_VALUES. */
export function checkValues(dataset: Dataset, support: ValueSupport): void {
  if (dataset.head) return checkValues(dataset.head, support);
  const misfit = firstMisfit(dataset, support);
  if (misfit === undefined) return;
  if (Number.isNaN(misfit)) throw missingValues(dataset);
  throw new DataError({
    code: 'DATA_MODEL_VALUES',
    where: dataset.source,
    expected: `values ${describeSupport(support)}, since the model's likelihood is of such`,
    got: `${misfit.toFixed(4)} among others`,
    fix: fixes[dataset.format.kind] ?? 'Choose a likelihood of such values (--likelihood).',
  });
}

const binarizing =
  'Binarise the data (--binarize), or choose a likelihood of such values (--likelihood).';

const fixes: Readonly<Partial<Record<DataKind, string>>> = {
  image: binarizing,
  array: binarizing,
  table:
    'Choose a model of tables (--preset tabular), or a likelihood of such values (--likelihood).',
  audio: 'Choose a likelihood of such values: --likelihood gaussian-learned.',
};

function firstMisfit(dataset: Dataset, support: ValueSupport): number | undefined {
  // Binarised data is zeros and ones.
  if (dataset.binarization) return [0, 1].find((value) => !fits(value, support));
  const { buffer } = dataset.memory;
  const { valuesOffset, valueType } = dataset;
  const size = dataset.count * elementCount(dataset.shape);
  switch (valueType) {
    case 'uint8':
      return firstOf(new Uint8Array(buffer, valuesOffset, size), 256, 255, support);
    case 'uint16':
      return firstOf(new Uint16Array(buffer, valuesOffset, size), 65536, 1, support);
    case 'float32':
      return new Float32Array(buffer, valuesOffset, size).find((value) => !fits(value, support));
    case 'sparse':
      return sparseViews(buffer, valuesOffset, dataset).weights.find((v) => !fits(v, support));
  }
}

/** Of codes, only whether each occurs is looked at: there are few. */
function firstOf(
  codes: Uint8Array | Uint16Array,
  levels: number,
  unit: number,
  support: ValueSupport,
): number | undefined {
  const occurs = new Uint8Array(levels);
  for (let i = 0; i < codes.length; i++) occurs[codes[i] ?? 0] = 1;
  for (let code = 0; code < levels; code++) {
    if (occurs[code] === 1 && !fits(code / unit, support)) return code / unit;
  }
  return undefined;
}

function fits(
  value: number,
  { low = -Infinity, high = Infinity, step, missing = false }: ValueSupport,
): boolean {
  if (Number.isNaN(value)) return missing;
  if (value < low || value > high) return false;
  if (step === undefined) return true;
  const steps = (value - Math.max(low, 0)) / step;
  return Math.abs(steps - Math.round(steps)) < TOLERANCE;
}

function describeSupport({ low, high, step }: ValueSupport): string {
  const bounds = [
    ...(low === undefined ? [] : [`from ${low}`]),
    ...(high === undefined ? [] : [`to ${high}`]),
  ].join(' ');
  return step === undefined ? bounds : `${bounds} in steps of ${Number(step.toFixed(6))}`;
}

function missingValues({ source }: Dataset): DataError {
  return new DataError({
    code: 'DATA_MISSING_VALUES',
    where: source,
    expected: 'a value in each place, since the model cannot do without',
    got: 'some that are missing',
    fix: 'Choose a model that takes missing values (--preset tabular), or fill them in.',
  });
}

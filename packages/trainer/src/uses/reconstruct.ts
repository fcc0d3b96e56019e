/** Examples beside what the model makes of them: the command `reconstruct`. */
import { required } from '../modelFunctions.ts';
import type { ColumnValues } from '../results/tableFormat.ts';
import { checkExamplePath, isPng, writeExamples, type AboutColumn } from './exampleFile.ts';
import { openKept, type KeepOptions } from './exampleTable.ts';
import type { TrainedModel, UseData } from './openTrained.ts';
import type { UseOptions } from './useOptions.ts';
import type { ExamplesResult } from './sample.ts';
import { takeExamples } from './takeExamples.ts';
import { openUseData, type DataChoice } from './useData.ts';
import { withTrained } from './withTrained.ts';

export interface ReconstructOptions extends UseOptions, DataChoice, KeepOptions {
  /** The first so many. */
  readonly count: number;
  /** Path of the file; its folder is made. Endings as of `sample`. */
  readonly out: string;
  readonly seed: number;
}

/**
 * Writes the first examples and their reconstructions: of pictures a row of each under the other, of
 * everything else one after the other.
 * @throws CheckpointError, ConfigError, DataError, ModelError, RunError
 */
export function reconstructRun(run: string, options: ReconstructOptions): Promise<ExamplesResult> {
  return withTrained(run, options, (trained) => reconstruct(trained, options));
}

async function reconstruct(
  trained: TrainedModel,
  options: ReconstructOptions,
): Promise<ExamplesResult> {
  const { out, seed } = options;
  const { format } = trained;
  checkExamplePath(out, format);
  trained.require('reconstruct');
  const data = await openUseData(trained, options);
  const examples = await takeExamples(trained, data, options.count);
  const { count, shape, size, label } = examples;
  const inputs = { x: examples.x, ...(label && { label }) };
  const { x } = await trained.run('reconstruct', { count, seed, inputs });
  const kept = await keptOfPairs(data, options.keep, count);
  const columns = Math.ceil(Math.sqrt(count));
  const values = alternated(examples.x, required(x), (isPng(out) ? columns : 1) * size);
  const set = {
    format,
    shape,
    values,
    count: values.length / size,
    about: [...pairs(count), ...kept],
  };
  return { ...(await writeExamples(trained, out, set, { columns })), count };
}

/** Each example by its number, and its reconstruction. */
function pairs(count: number): AboutColumn[] {
  const numbers = Int32Array.from({ length: 2 * count }, (_, i) => i >> 1);
  return [
    { name: 'example', type: 'int32', values: numbers },
    {
      ...{ name: 'kind', type: 'string' },
      values: Array.from(numbers, (_, i) => (i % 2 === 0 ? 'original' : 'reconstruction')),
    },
  ];
}

/** Whose each is, and columns that are kept, of an example twice. */
async function keptOfPairs(
  data: UseData,
  keep: readonly string[] | undefined,
  count: number,
): Promise<AboutColumn[]> {
  const kept = openKept(data, keep, ['example', 'kind']);
  if (!kept) return [];
  const columns = await kept.next(count).finally(() => kept.close());
  return columns.map((column, k) => {
    const { name = '', type = 'string' } = kept.columns[k] ?? {};
    return { name, type, values: twice(column, count) };
  });
}

function twice(column: ColumnValues, count: number): ColumnValues {
  const values = Array.from({ length: 2 * count }, (_, i) => column[i >> 1] ?? '');
  if (column instanceof Int32Array) return Int32Array.from(values, Number);
  return column instanceof Float64Array ? Float64Array.from(values, Number) : values.map(String);
}

/** So many values of the one, as many of the other, and so on; both end with zeros if need be. */
function alternated(a: Float32Array, b: Float32Array, length: number): Float32Array {
  const groups = Math.ceil(a.length / length);
  const values = new Float32Array(2 * groups * length);
  for (let group = 0; group < groups; group++) {
    const [begin, end] = [group * length, (group + 1) * length];
    values.set(a.subarray(begin, end), 2 * begin);
    values.set(b.subarray(begin, end), 2 * begin + length);
  }
  return values;
}

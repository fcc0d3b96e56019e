/** What each latent dimension does: the command `traverse`. */
import { latentKl, latentOrder } from '@lockstep/core/metrics';
import { checkPoints } from './checkNumbers.ts';
import { checkExamplePath, writeExamples, type AboutColumn } from './exampleFile.ts';
import { decodePoints, latentPoint } from './latentPoint.ts';
import { latentsOf } from './latents.ts';
import { openUseData, type DataChoice } from './useData.ts';
import type { TrainedModel, UseData } from './openTrained.ts';
import type { UseOptions } from './useOptions.ts';
import type { ExamplesResult } from './sample.ts';
import { withTrained } from './withTrained.ts';

export interface TraverseOptions extends UseOptions, DataChoice {
  /** Number of the test example to begin from; default: the origin of latent space. */
  readonly example?: string;
  /** At most so many dimensions, those that tell most first. */
  readonly dims: number;
  /** Each goes from -range to range, in units of the prior's standard deviation. */
  readonly range: number;
  /** Points on the way, 2 or more. */
  readonly steps: number;
  readonly out: string;
}

export interface TraverseResult extends ExamplesResult {
  /** A row each, from the top: the dimension, and its mean KL over the data in nats where it has one. */
  readonly dimensions: readonly { readonly dimension: number; readonly kl?: number }[];
}

/** Examples that the KL of each dimension is the mean over. */
const MOST_EXAMPLES = 2048;

/**
 * Decodes what one dimension after the other makes of a point, the dimensions ordered by their KL.
 * @throws CheckpointError, ConfigError, DataError, ModelError, RunError
 */
export async function traverseRun(run: string, options: TraverseOptions): Promise<TraverseResult> {
  checkPoints(options.steps);
  return withTrained(run, options, (trained) => traverse(trained, options));
}

async function traverse(trained: TrainedModel, options: TraverseOptions): Promise<TraverseResult> {
  const { out, steps, range } = options;
  const { format } = trained;
  checkExamplePath(out, format);
  trained.require('decode');
  const data = await openUseData(trained, options);
  const { dim } = latentsOf(trained);
  const center =
    options.example === undefined
      ? { z: new Float32Array(dim) }
      : await latentPoint(trained, () => Promise.resolve(data), options.example, '--example');
  const dimensions = (await orderedDimensions(trained, data)).slice(0, options.dims);
  const count = dimensions.length * steps;
  const points = new Float32Array(count * dim);
  const places = Array.from(
    { length: steps },
    (_, step) => (range * (2 * step - steps + 1)) / (steps - 1),
  );
  dimensions.forEach(({ dimension }, row) => {
    places.forEach((place, step) => {
      const at = (row * steps + step) * dim;
      points.set(center.z, at);
      points[at + dimension] = place;
    });
  });
  const label = 'label' in center ? center.label : undefined;
  const values = await decodePoints(trained, points, { count, label });
  const about: AboutColumn[] = [
    {
      ...{ name: 'dimension', type: 'string' },
      values: dimensions.flatMap(({ dimension }) => places.map(() => `z${dimension}`)),
    },
    { name: 'value', type: 'float64', values: Float64Array.from(dimensions.flatMap(() => places)) },
  ];
  const set = { format, shape: trained.outputShape('decode', 'x'), values, count, about };
  const rowNames = dimensions.map(({ dimension, kl }) =>
    kl === undefined ? `z${dimension}` : `z${dimension}  KL ${kl.toFixed(2)}`,
  );
  const written = await writeExamples(trained, out, set, { columns: steps, rowNames });
  return { ...written, count, dimensions };
}

async function orderedDimensions(
  trained: TrainedModel,
  data: UseData,
): Promise<TraverseResult['dimensions']> {
  const { dim, hasLogVar } = latentsOf(trained);
  if (!hasLogVar) return Array.from({ length: dim }, (_, dimension) => ({ dimension }));
  const examples = Math.min(MOST_EXAMPLES, data.info.count);
  const { mu, logVar } = await trained.map('encode', data, { examples });
  if (!mu || !logVar) throw new Error('encode has mu and logVar');
  const kl = latentKl({ mu, logVar });
  return Array.from(latentOrder(kl), (dimension) => ({ dimension, kl: kl[dimension] ?? 0 }));
}

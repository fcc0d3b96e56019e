/** Paths between two examples through latent space: the command `interpolate`. */
import { interpolateLinear, interpolateSpherical } from '@lockstep/core/metrics';
import { checkPoints } from './checkNumbers.ts';
import {
  checkExamplePath,
  writeExamples,
  type AboutColumn,
  type Arrangement,
  type ExampleSet,
} from './exampleFile.ts';
import { decodePoints, latentPoint } from './latentPoint.ts';
import { openUseData, type DataChoice } from './useData.ts';
import type { TrainedModel, UseData } from './openTrained.ts';
import type { UseOptions } from './useOptions.ts';
import type { ExamplesResult } from './sample.ts';
import { withTrained } from './withTrained.ts';

export type PathKind = 'linear' | 'spherical';

export interface InterpolateOptions extends UseOptions, DataChoice {
  /** Numbers of two examples of the test data, from 0; or, of text, two texts. */
  readonly from: string;
  readonly to: string;
  /** Points of a path, both ends among them, 2 or more. */
  readonly steps: number;
  /** One row of a picture each. Default: both. */
  readonly paths?: readonly PathKind[];
  /** Of text: tokens are drawn at this temperature. Default: the likeliest are taken. */
  readonly temperature?: number;
  /** Of what is drawn. Default 0. */
  readonly seed?: number;
  readonly out: string;
}

/** As the command names its arguments. */
const ENDS = ['A', 'B'] as const;

const PATHS = { linear: interpolateLinear, spherical: interpolateSpherical } as const;

/**
 * Decodes the points of a straight path, and of one along a great circle, between the posterior means of
 * two examples.
 * @throws CheckpointError, ConfigError, DataError, ModelError, RunError
 */
export async function interpolateRun(
  run: string,
  options: InterpolateOptions,
): Promise<ExamplesResult> {
  checkPoints(options.steps);
  return withTrained(run, options, async (trained) => {
    const { out } = options;
    checkExamplePath(out, trained.format);
    const { set, arrangement } = await examplesBetween(trained, options, ENDS);
    const written = await writeExamples(trained, out, set, arrangement);
    return { ...written, count: set.count };
  });
}

/** Examples on paths, and how a picture arranges them. */
export interface PathExamples {
  readonly set: ExampleSet;
  readonly arrangement: Arrangement;
}

/**
 * @param ends what the user calls the two examples, for messages
 * @throws ConfigError, DataError, RunError
 */
export async function examplesBetween(
  trained: TrainedModel,
  options: Omit<InterpolateOptions, 'out' | 'workerEntry'> & { readonly out?: string },
  ends: readonly [from: string, to: string],
): Promise<PathExamples> {
  const { steps, paths = ['linear', 'spherical'] } = options;
  const { format } = trained;
  trained.require('decode');
  // Texts that are written out need no data.
  let data: Promise<UseData> | undefined;
  const openUse = () => (data ??= openUseData(trained, options));
  const a = await latentPoint(trained, openUse, options.from, ends[0]);
  const b = await latentPoint(trained, openUse, options.to, ends[1]);
  const count = steps * paths.length;
  const points = new Float32Array(count * a.z.length);
  const ts = Array.from({ length: steps }, (_, step) => step / (steps - 1));
  paths.forEach((path, row) => {
    ts.forEach((t, step) => {
      points.set(PATHS[path](a.z, b.z, t), (row * steps + step) * a.z.length);
    });
  });
  const values = await decodePoints(trained, points, { ...options, count, label: a.label });
  const about: AboutColumn[] = [
    { name: 'path', type: 'string', values: paths.flatMap((path) => ts.map(() => path)) },
    { name: 't', type: 'float64', values: Float64Array.from(paths.flatMap(() => ts)) },
  ];
  const set = { format, shape: trained.outputShape('decode', 'x'), values, count, about };
  return { set, arrangement: { columns: steps, rowNames: paths } };
}

/**
 * Numbers: x = location + scale * u for each column, u of one density. The location comes from the
 * decoder; the scale is learned for each column, or comes from the decoder as well.
 *
 * A column that hardly changes would drive its scale to zero and the loss to minus infinity; so the scale
 * has a floor: log scale = log floor + softplus(. - log floor).
 *
 * Shapes: B examples, C columns.
 */
import { add, exp, expandDims, mul, neg, slice, sub } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { zeros } from '../initializers.ts';
import { gaussianDensity } from '../likelihoods/gaussian.ts';
import { laplaceDensity } from '../likelihoods/laplace.ts';
import type { StandardDensity } from '../likelihoods/locationScale.ts';
import { requireNumber } from '../likelihoods/options.ts';
import { boundBelow } from '../likelihoods/scale.ts';
import { studentTDensity } from '../likelihoods/studentT.ts';
import { portableLog } from '../math/portable.ts';
import { requireTensor } from '../namedTensors.ts';
import type { ColumnGroup } from './columnGroup.ts';

export interface NumericOptions {
  /** Default `gaussian`; `student-t` (of 5 degrees of freedom) and `laplace` bear values far off. */
  readonly density?: 'gaussian' | 'student-t' | 'laplace';
  /** Default `learned`, one for each column; `per-output`: from the decoder for each value. */
  readonly scale?: 'learned' | 'per-output';
  /** The least scale, in units of x; above 0. Default 0.01. */
  readonly scaleFloor?: number;
}

const PARAMETER = 'likelihood/logScale';

function densityOf(name: Required<NumericOptions>['density']): StandardDensity {
  if (name === 'gaussian') return gaussianDensity;
  return name === 'laplace' ? laplaceDensity : studentTDensity(5);
}

/** Throws MODEL_LIKELIHOOD_OPTION. */
export function numericColumns(
  places: readonly number[],
  { density = 'gaussian', scale = 'learned', scaleFloor = 0.01 }: NumericOptions = {},
): ColumnGroup {
  requireNumber({ likelihood: 'columns', option: 'scaleFloor', value: scaleFloor });
  const columns = places.length;
  const standard = densityOf(density);
  const least = portableLog(scaleFloor);
  const learned = scale === 'learned';

  const split = (output: Tensor, params: Readonly<Record<string, Tensor>>) => {
    if (learned) {
      const logScale = requireTensor('parameter', params, PARAMETER); // [C]
      return { location: output as Tensor2D, logScale: boundBelow(logScale, least) };
    }
    const half = (start: number) => slice(output as Tensor2D, [0, start], [-1, columns]);
    return { location: half(0), logScale: boundBelow(half(columns), least) };
  };
  /** Of what is turned around: the scale is [C, 1] or [C, B]. */
  const splitTurned = (output: Tensor2D, params: Readonly<Record<string, Tensor>>) => {
    if (learned) {
      const { location, logScale } = split(output, params);
      return { location, logScale: expandDims(logScale, 1) };
    }
    const half = (start: number) => slice(output, [start, 0], [columns, -1]);
    return { location: half(0), logScale: boundBelow(half(columns), least) };
  };
  return {
    columns,
    outputs: learned ? columns : 2 * columns,
    parameters: learned ? [{ name: PARAMETER, shape: [columns], init: zeros() }] : [],
    noise: standard.noise([columns]),
    losses(x, output, params) {
      const { location, logScale } = splitTurned(output, params);
      const u = mul(sub(x, location), exp(neg(logScale)));
      return add(standard.negativeLog(u), add(logScale, standard.constant));
    },
    mean: (output, params) => split(output, params).location,
    sample(output, noise, params) {
      const { location, logScale } = split(output, params);
      return add(location, mul(standard.draw(noise), exp(logScale)));
    },
  };
}

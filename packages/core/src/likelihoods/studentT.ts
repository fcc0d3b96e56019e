/**
 * Student's t with nu degrees of freedom, for data with outliers:
 *
 *   -log p(x | z) = sum (nu + 1) / 2 * log(1 + u^2 / nu) + log scale
 *                   + log Gamma(nu / 2) - log Gamma((nu + 1) / 2) + log(nu pi) / 2,
 *
 * u = (x - location) / scale. Takahashi et al.: "Student-t Variational Autoencoder for Robust Density
 * Estimation" (2018), eq. 7.
 */
import {
  add,
  div,
  exp,
  log,
  log1p,
  mul,
  reshape,
  slice,
  sqrt,
  square,
  sub,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { portableLogGamma } from '../math/portableLogGamma.ts';
import { portableLog } from '../math/portable.ts';
import { requireTensor } from '../namedTensors.ts';
import type { Likelihood } from './likelihood.ts';
import { locationScale, type StandardDensity } from './locationScale.ts';
import { requireNumber } from './options.ts';
import { createScale, type ScaleOption } from './scale.ts';

const LOG_PI = 1.1447298858494002;

export function studentTDensity(nu: number): StandardDensity {
  return {
    name: 'student-t',
    negativeLog: (u) => mul(log1p(mul(square(u), 1 / nu)), (nu + 1) / 2),
    constant:
      portableLogGamma(nu / 2) - portableLogGamma((nu + 1) / 2) + (portableLog(nu) + LOG_PI) / 2,
    noise: (shape) => ({
      'likelihood/u': { shape, distribution: 'uniform' },
      'likelihood/direction': { shape: [...shape, 2], distribution: 'normal' },
    }),
    /** Bailey (1994): sqrt(nu (u^(-2/nu) - 1)) times the cosine of a random direction. */
    draw(noise): Tensor {
      const u = requireTensor('noise', noise, 'likelihood/u');
      const radius = sqrt(mul(sub(exp(mul(log(u), -2 / nu)), 1), nu));
      const direction = reshape(requireTensor('noise', noise, 'likelihood/direction'), [-1, 2]);
      const [x, y] = [0, 1].map((i) => reshape(slice(direction, [0, i], [-1, 1]), u.shape));
      if (x === undefined || y === undefined) throw new Error('A direction has two parts.');
      return mul(radius, div(x, sqrt(add(square(x), square(y)))));
    },
  };
}

export interface StudentTOptions {
  /** Degrees of freedom, above 0. Default 5. */
  readonly nu?: number;
  /** Default `learned`. */
  readonly scale?: ScaleOption;
}

/** Its mean exists for nu above 1. Throws MODEL_LIKELIHOOD_OPTION. */
export function studentT({ nu = 5, scale = 'learned' }: StudentTOptions = {}): Likelihood {
  requireNumber({ likelihood: 'student-t', option: 'nu', value: nu });
  return locationScale(studentTDensity(nu), createScale('student-t', scale));
}

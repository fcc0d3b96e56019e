/** All likelihoods by the names that people choose them by, `NAME` or `NAME:NUMBER`. */
import { ModelError } from '../errors.ts';
import { bernoulliLogits } from './bernoulliLogits.ts';
import { categorical } from './categorical.ts';
import { continuousBernoulli } from './continuousBernoulli.ts';
import { gaussian } from './gaussian.ts';
import { laplace } from './laplace.ts';
import type { Likelihood } from './likelihood.ts';
import { logisticMixture } from './logisticMixture.ts';
import { multinomial } from './multinomial.ts';
import { studentT } from './studentT.ts';

export interface LikelihoodEntry {
  /** One line, for a list. */
  readonly summary: string;
  /** What the number after the name is; absent where there is none. */
  readonly number?: string;
  create(number?: number): Likelihood;
}

export const likelihoods = {
  bernoulli: {
    summary: 'black and white, or grey values taken as chances of white; logits',
    create: () => bernoulliLogits(),
  },
  'continuous-bernoulli': {
    summary: 'grey values from 0 to 1, as a proper density',
    create: () => continuousBernoulli(),
  },
  gaussian: {
    summary: 'any values, with a fixed standard deviation',
    number: 'standard deviation, 1 if left out',
    create: (sigma = 1) => gaussian({ sigma }),
  },
  'gaussian-learned': {
    summary: 'any values, with one standard deviation that is learned',
    number: 'standard deviation to begin with, 1 if left out',
    create: (sigma = 1) => gaussian({ sigma: sigma === 1 ? 'learned' : { learnedFrom: sigma } }),
  },
  'gaussian-per-output': {
    summary: 'any values, each with a standard deviation that the decoder gives',
    create: () => gaussian({ sigma: 'per-output' }),
  },
  laplace: {
    summary: 'any values, some of them far off; one learned scale',
    create: () => laplace(),
  },
  'student-t': {
    summary: 'any values, some of them very far off; one learned scale',
    number: 'degrees of freedom, 5 if left out',
    create: (nu = 5) => studentT({ nu }),
  },
  categorical: {
    summary: 'values on a few levels, each with a probability of its own',
    number: 'levels, 256 if left out',
    create: (classes = 256) => categorical({ classes }),
  },
  'logistic-mixture': {
    summary: 'bytes, as a discretised mixture of logistics',
    number: 'logistics in a mixture, 5 if left out',
    create: (components = 5) => logisticMixture({ components }),
  },
  multinomial: {
    summary: 'zeros and ones (or counts) over many items',
    number: 'counts in a value of 1, 1 if left out',
    create: (countScale = 1) => multinomial({ countScale }),
  },
} as const satisfies Record<string, LikelihoodEntry>;

export type LikelihoodName = keyof typeof likelihoods;

function isLikelihoodName(name: string): name is LikelihoodName {
  return Object.hasOwn(likelihoods, name);
}

/**
 * The likelihood called `gaussian`, or `gaussian:0.5`. Throws MODEL_UNKNOWN_LIKELIHOOD,
 * MODEL_LIKELIHOOD_OPTION.
 */
export function findLikelihood(text: string): Likelihood {
  const [name = '', ...numbers] = text.split(':');
  if (!isLikelihoodName(name)) {
    throw new ModelError({
      code: 'MODEL_UNKNOWN_LIKELIHOOD',
      where: 'likelihood',
      expected: `one of ${Object.keys(likelihoods).join(', ')}`,
      got: `"${name}"`,
      fix: 'Choose one of these.',
    });
  }
  const entry: LikelihoodEntry = likelihoods[name];
  if (numbers.length === 0) return entry.create();
  const number = numbers.length === 1 && numbers[0]?.trim() ? Number(numbers[0]) : NaN;
  if (entry.number === undefined || Number.isNaN(number)) {
    throw new ModelError({
      code: 'MODEL_LIKELIHOOD_OPTION',
      where: `likelihood ${name}`,
      expected: entry.number === undefined ? 'no number' : `one number, the ${entry.number}`,
      got: `"${text}"`,
      fix: `Write ${name}${entry.number === undefined ? '' : ' or something like ' + name + ':2'}.`,
    });
  }
  return entry.create(number);
}

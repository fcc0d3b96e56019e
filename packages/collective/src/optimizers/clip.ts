import { checkNumber } from '../settings.ts';

/** Keeps the quotient finite for a zero gradient, as in PyTorch's clip_grad_norm_. */
const MARGIN = 1e-6;

/**
 * The factor that brings a gradient of global L2 norm `norm` down to `maxNorm`; 1 where it is
 * shorter. Pascanu et al. 2013, algorithm 1. A norm that is not a number stays one.
 */
export function clipCoefficient(norm: number, maxNorm: number): number {
  return Math.min(1, maxNorm / (norm + MARGIN));
}

/** @throws CollectiveError (CONFIG_NUMBER) unless `maxNorm` is a positive number */
export function checkClipNorm(maxNorm: number, where = 'clipNorm'): void {
  checkNumber(where, maxNorm, { from: Number.MIN_VALUE });
}

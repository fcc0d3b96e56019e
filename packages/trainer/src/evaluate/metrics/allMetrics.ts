import type { Metric } from '../metric.ts';
import { dci, factorVae, mig, sap } from './disentanglement.ts';
import { activeUnits, aggregateKl, mutualInformation } from './latents.ts';
import { bpc, bpd, elbo, importanceWeightedNll } from './likelihood.ts';
import { knn, probe } from './probes.ts';
import { ranking } from './ratings.ts';
import { mse, ssim } from './reconstruction.ts';
import { frechet, precisionRecall } from './samples.ts';

/** In the order they are reported. */
export const allMetrics: readonly Metric[] = [
  elbo,
  importanceWeightedNll,
  bpd,
  bpc,
  activeUnits,
  mutualInformation,
  aggregateKl,
  mse,
  ssim,
  frechet,
  precisionRecall,
  mig,
  factorVae,
  sap,
  dci,
  probe,
  knn,
  ranking,
];

/** Samples of the Gaussian that a model's latents follow, instead of its prior. */
import { aggregateGaussian } from '@lockstep/core/metrics';
import { ConfigError, RunError } from '../errors.ts';
import { encodeInPieces, KeptRows, latentsOf } from './latents.ts';
import { decodePoints } from './latentPoint.ts';
import { normalLatents } from './normalLatents.ts';
import type { TrainedModel } from './openTrained.ts';

/** It is fitted to so many training examples, the first ones. */
const MOST_FITTED = 65_536;
/** Its root takes the cube of that. */
const MOST_DIMENSIONS = 512;

export interface LatentDraw {
  readonly count: number;
  readonly seed: number;
  /** As of `sample`. */
  readonly temperature: number;
}

/**
 * x of z from a Gaussian fitted to the latents of the training part: see `aggregateGaussian`. [count, ...shape]
 * @throws ConfigError, DataError, RunError
 */
export async function drawFitted(
  trained: TrainedModel,
  { count, seed, temperature }: LatentDraw,
): Promise<Float32Array> {
  const { output, dim, hasLogVar } = latentsOf(trained);
  checkFits(trained, dim);
  const data = await trained.own('train');
  const examples = Math.min(data.info.count, MOST_FITTED);
  const mu = new KeptRows(examples, dim);
  const logVar = new KeptRows(hasLogVar ? examples : 0, dim);
  await encodeInPieces(trained, data, {
    examples,
    onRows: (rows) => {
      const [means, scales] = [rows[output], rows['logVar']];
      if (means) mu.addAll(means);
      if (scales) logVar.addAll(scales);
    },
  });
  const gaussian = aggregateGaussian(mu.rows, hasLogVar ? logVar.rows : undefined);
  // Of text the temperature is the tokens'.
  const scale = trained.has('drawDecoded') ? 1 : temperature;
  const noise = normalLatents({ count, size: dim, seed }).map((value) => value * scale);
  const points = new Float32Array(count * dim);
  for (let at = 0; at < points.length; at += dim) {
    points.set(gaussian.draw(noise.subarray(at, at + dim)), at);
  }
  return decodePoints(trained, points, { count, seed, temperature });
}

/** @throws ConfigError, RunError */
function checkFits(trained: TrainedModel, dim: number): void {
  const { model, format } = trained;
  trained.require('decode');
  const inputs = Object.keys(model.functions?.['decode']?.inputs ?? {});
  if (format.kind === 'table' || inputs.join() !== 'z') {
    throw new ConfigError({
      code: 'CONFIG_USELESS_FLAG',
      where: '--fitted-prior',
      expected: 'a model that decodes latents alone, to pictures, sound, ratings or text',
      got:
        format.kind === 'table'
          ? 'one of a table, whose rows are drawn'
          : `model ${model.name}, which decodes ${inputs.join(' and ')}`,
      fix: 'Leave it out.',
    });
  }
  if (dim <= MOST_DIMENSIONS) return;
  throw new RunError({
    code: 'RUN_LATENT_TOO_LARGE',
    where: '--fitted-prior',
    expected: `at most ${MOST_DIMENSIONS} latent dimensions, between which a covariance is fitted`,
    got: `${dim} of model ${model.name}`,
    fix: 'Leave it out, or train with a smaller latent.',
  });
}

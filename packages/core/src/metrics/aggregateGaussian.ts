/**
 * The Gaussian with the mean and the covariance of the latents that a model gives to examples, all of them
 * together: of z ~ N(mu_n, sigma_n^2) with n drawn at random, by the law of total variance,
 *
 *   mean = E[mu],   covariance = Cov[mu] + diag(E[sigma^2])
 *
 * To sample from instead of a prior that the latents do not follow: Ghosh et al.: "From Variational to
 * Deterministic Autoencoders" (2020), section 4, ex-post density estimation.
 */
import { portableExp } from '../math/portableExp.ts';
import { squareRoot } from '../math/symmetricEigen.ts';
import { fitGaussian } from './frechet.ts';
import type { Rows } from './rows.ts';

/** mu, logVar: [N, L] each, N at least 2. `draw` makes a latent [L] of standard normal noise [L]. */
export function aggregateGaussian(
  mu: Rows,
  logVar?: Rows,
): { draw(noise: Float32Array): Float32Array } {
  const { mean, covariance } = fitGaussian(mu);
  const { data, size } = covariance;
  if (logVar) {
    const variances = new Float64Array(size);
    logVar.data.forEach((value, at) => {
      variances[at % size] = (variances[at % size] ?? 0) + portableExp(value);
    });
    for (let j = 0; j < size; j++) {
      data[j * size + j] = (data[j * size + j] ?? 0) + (variances[j] ?? 0) / logVar.count;
    }
  }
  const root = squareRoot(covariance);
  return {
    draw: (noise) =>
      Float32Array.from(mean, (middle, i) => {
        let z = middle;
        for (let j = 0; j < size; j++) z += (root.data[i * size + j] ?? 0) * (noise[j] ?? 0);
        return z;
      }),
  };
}

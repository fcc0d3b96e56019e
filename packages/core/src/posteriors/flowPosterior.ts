/**
 * A diagonal Gaussian made richer by a chain of flows:
 *
 *   log q(z_K | x) = log N(z_0; mu, exp(logVar)) - sum_k log |det df_k/dz_(k-1)|
 *
 * Rezende, Mohamed (2015), eq. 13. Its KL is estimated from draws. What stands for q is the image of
 * mu; a spread of the dimensions is not at hand, and `logVar` is the Gaussian's, before the flows.
 *
 * Shapes: N rows, L = latentDim.
 */
import { add, slice, sub, tidy, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Flow, Flowed } from '../flows/flow.ts';
import type { NamedTensors } from '../model.ts';
import { diagonalGaussian } from './diagonalGaussianPosterior.ts';
import type { Posterior } from './posterior.ts';

/** At least one flow, of different names. */
export function flowPosterior(flows: readonly [Flow, ...Flow[]]): Posterior {
  const base = diagonalGaussian();
  const extraDim = flows.reduce((total, flow) => total + flow.extraDim, 0);
  /** logDeterminant: of all flows. */
  const run = (params: NamedTensors, start: Tensor2D, extra: Tensor2D | undefined): Flowed => {
    let from = 0;
    let state: { z: Tensor2D; logDeterminant: Tensor1D | undefined } = {
      z: start,
      logDeterminant: undefined,
    };
    for (const flow of flows) {
      const own = extra && slice(extra, [0, from], [extra.shape[0], flow.extraDim]);
      const { z, logDeterminant } = flow.apply(params, state.z, own);
      const total = state.logDeterminant
        ? add<Tensor1D>(state.logDeterminant, logDeterminant)
        : logDeterminant;
      state = { z, logDeterminant: total };
      from += flow.extraDim;
    }
    return state as Flowed;
  };
  return {
    name: 'flow',
    extraDim,
    parameters: flows.flatMap(({ parameters }) => parameters),
    draw(params, encoded, eps) {
      const start = base.draw(params, encoded, eps);
      const { z, logDeterminant } = run(params, start.z, encoded.extra);
      return { z, logProb: () => sub<Tensor1D>(start.logProb(), logDeterminant) };
    },
    summary: (params, { mu, logVar, extra }) =>
      tidy(() => ({ mu: run(params, mu, extra).z, logVar })),
  };
}

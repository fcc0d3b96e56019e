/** What the latents tell of the data, and how they lie beside the prior. */
import {
  activeUnits as countActiveUnits,
  aggregatePosterior,
  type AggregatePosterior,
} from '@lockstep/core/metrics';
import { firstLack, lacksExamples, lacksFunction } from '../lacks.ts';
import type { Metric } from '../metric.ts';
import { rowsNamed, type MetricContext } from '../metricContext.ts';

const lacksPosterior = firstLack(
  lacksFunction('drawLatent', 'mu', 'logVar', 'z', 'logPrior'),
  lacksExamples,
);

/** Latent dimensions whose mean varies with x by more than 0.01. */
export const activeUnits: Metric = {
  name: 'active-units',
  lacks: firstLack(lacksFunction('encode', 'mu'), lacksExamples),
  compute: async (context) => {
    const { count, of } = countActiveUnits(await context.mu('test'));
    return { active: count, of };
  },
};

/** Of x and z under the encoder, in nats. */
export const mutualInformation: Metric = {
  name: 'mutual-information',
  lacks: lacksPosterior,
  compute: async (context) => {
    const { mutualInformation: nats, examples } = await aggregate(context);
    return { mutualInformation: nats, examples };
  },
};

/** KL of the aggregate posterior from the prior, in nats. */
export const aggregateKl: Metric = {
  name: 'aggregate-kl',
  lacks: lacksPosterior,
  compute: async (context) => {
    const { marginalKl, examples } = await aggregate(context);
    return { aggregateKl: marginalKl, examples };
  },
};

function aggregate(context: MetricContext): Promise<AggregatePosterior & { examples: number }> {
  return context.once('aggregate posterior', async () => {
    const drawn = await context.draws();
    const z = rowsNamed(drawn, 'z');
    const posteriors = { mu: rowsNamed(drawn, 'mu'), logVar: rowsNamed(drawn, 'logVar') };
    const work = { kind: 'logAggregatePosterior', z, posteriors } as const;
    const logMarginals = await context.compare(work, z.count, posteriors.mu);
    const logPriors = rowsNamed(drawn, 'logPrior').data;
    return { ...aggregatePosterior(z, posteriors, logMarginals, logPriors), examples: z.count };
  });
}

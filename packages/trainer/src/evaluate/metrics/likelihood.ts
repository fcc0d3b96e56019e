/** How likely the test data is: the loss and its parts, and a tighter bound by importance sampling. */
import { bitsPerDimension, ImportanceWeightedNll } from '@lockstep/core/metrics';
import { elementCount } from '../../run/namedTensor.ts';
import { countCharacters } from '../countCharacters.ts';
import { firstLack, lacksFunction, lacksKind, lacksNumbers } from '../lacks.ts';
import type { Metric } from '../metric.ts';
import { rowsNamed, type MetricContext } from '../metricContext.ts';

/** Of all draws, one piece after another: the data is read once then, where it is streamed. */
const PIECE_ROWS = 16_384;
const lacksLogWeight = lacksFunction('logWeight', 'logWeight');

/** Negative ELBO and its parts, in nats. */
export const elbo: Metric = {
  name: 'elbo',
  lacks: () => undefined,
  compute: async ({ means }) => {
    const negativeElbo = unweighted(means.metrics);
    return {
      ...(negativeElbo !== undefined && { negativeElbo }),
      loss: means.loss,
      ...means.metrics,
    };
  },
};

/** Reconstruction and KL without the loss's weights; undefined where the model reports other parts. */
function unweighted({ reconstruction, kl }: MetricContext['means']['metrics']): number | undefined {
  if (reconstruction === undefined || kl === undefined) return undefined;
  return reconstruction + kl;
}

/** Importance-weighted -log p(x), in nats. */
export const importanceWeightedNll: Metric = {
  name: 'iw-nll',
  drawsSamples: true,
  lacks: lacksLogWeight,
  compute: async (context) => ({ nll: await nll(context), k: context.samples }),
};

function nll(context: MetricContext): Promise<number> {
  return context.once('nll', async () => {
    const { mapper, samples, job } = context;
    const examples = job.data.test.count;
    const bound = new ImportanceWeightedNll(examples);
    await mapper.map('logWeight', {
      part: 'test',
      examples,
      draws: samples,
      pieceRows: PIECE_ROWS,
      onRows: (rows, { first }) => bound.add(rowsNamed(rows, 'logWeight').data, first),
    });
    return bound.nll();
  });
}

/** Bits per dimension, of the importance-weighted likelihood. */
export const bpd: Metric = {
  name: 'bpd',
  drawsSamples: true,
  lacks: firstLack(lacksLogWeight, lacksNumbers),
  compute: async (context) => {
    const dimensions = elementCount(context.job.example.shape);
    return { bpd: bitsPerDimension(await nll(context), dimensions) };
  },
};

/** Bits per character of text, of the importance-weighted likelihood. */
export const bpc: Metric = {
  name: 'bpc',
  drawsSamples: true,
  lacks: firstLack(lacksKind('text', 'text'), lacksLogWeight),
  compute: async (context) => {
    const { data } = context.job;
    const characters = await countCharacters(data, 'test');
    const nats = (await nll(context)) * data.test.count;
    return { bpc: nats / (characters * Math.LN2), characters };
  },
};

/**
 * How samples from the prior compare with the test data, in the features of a small classifier trained
 * on the data's own labels. As many samples as test examples, at most 10,000; at most 5,000 for the
 * manifolds.
 */
import {
  accuracy,
  FEATURES,
  firstRows,
  fitGaussian,
  frechetDistance,
  meanOf,
  type Rows,
} from '@lockstep/core/metrics';
import { noiseKinds } from '@lockstep/data';
import { firstLack, lacksFunction, lacksLabels, tooFew } from '../lacks.ts';
import { labelledRows } from '../labelledRows.ts';
import type { Metric } from '../metric.ts';
import { rowsNamed, type MetricContext } from '../metricContext.ts';

const MOST_SAMPLES = 10_000;
const MOST_MANIFOLD = 5_000;

const lacks = firstLack(lacksFunction('sample', 'x'), lacksLabels, ({ data }) =>
  tooFew(data.test.count, FEATURES, `features (${FEATURES})`),
);

/** Frechet distance of samples, in features learned from the labels. */
export const frechet: Metric = {
  name: 'frechet',
  lacks,
  compute: async (context) => {
    const { real, made, classifierAccuracy } = await features(context);
    const distance = frechetDistance(fitGaussian(real), fitGaussian(made));
    return { distance, samples: made.count, classifierAccuracy };
  },
};

/** Share of samples on the manifold of the data, and of data on that of samples. */
export const precisionRecall: Metric = {
  name: 'precision-recall',
  lacks,
  compute: async (context) => {
    const found = await features(context);
    const [real, made] = [found.real, found.made].map((rows) => firstRows(rows, MOST_MANIFOLD));
    if (!real || !made) throw new Error('two sets of features');
    return {
      precision: await shareOn(context, made, real),
      recall: await shareOn(context, real, made),
      samples: made.count,
    };
  },
};

/** The share of `queries` on the manifold of `points`. */
async function shareOn(context: MetricContext, queries: Rows, points: Rows): Promise<number> {
  const radii = await context.compare({ kind: 'manifoldRadii', points }, points.count, points);
  return meanOf(
    await context.compare({ kind: 'onManifold', queries, points, radii }, queries.count, points),
  );
}

interface Features {
  readonly real: Rows;
  readonly made: Rows;
  /** Of the classifier whose features they are, on the test data. */
  readonly classifierAccuracy: number;
}

function features(context: MetricContext): Promise<Features> {
  return context.once('features', async () => {
    const network = await context.network();
    const { mapper, job } = context;
    const examples = Math.min(job.data.test.count, MOST_SAMPLES);
    const options = { part: 'test', examples, network } as const;
    const real = await mapper.map('features', options);
    const made = await mapper.map('sampleFeatures', {
      ...options,
      noiseKind: noiseKinds.sampling,
    });
    const labels = job.data.labels.test?.subarray(0, examples) ?? new Int32Array(0);
    const judged = labelledRows(rowsNamed(real, 'class'), labels);
    return {
      real: rowsNamed(real, 'features'),
      made: rowsNamed(made, 'features'),
      classifierAccuracy: accuracy(judged.rows.data, judged.labels),
    };
  });
}

/** What classifiers read of the labels from mu: learned from training examples, judged on test ones. */
import { accuracy, fitLinearProbe } from '@lockstep/core/metrics';
import { firstLack, lacksExamples, lacksFunction, lacksLabels } from '../lacks.ts';
import type { Metric } from '../metric.ts';

const lacks = firstLack(lacksFunction('encode', 'mu'), lacksLabels, lacksExamples);

/** Accuracy of a linear classifier of mu. */
export const probe: Metric = {
  name: 'probe',
  lacks,
  compute: async (context) => {
    const [train, test] = [await context.labelled('train'), await context.labelled('test')];
    const classes = context.job.example.classes ?? 0;
    const fitted = fitLinearProbe(train.rows, train.labels, { classes });
    return {
      accuracy: accuracy(fitted.predict(test.rows), test.labels),
      trainExamples: train.rows.count,
    };
  },
};

/** Accuracy of the 10 nearest neighbours of mu. */
export const knn: Metric = {
  name: 'knn',
  lacks,
  compute: async (context) => {
    const [train, test] = [await context.labelled('train'), await context.labelled('test')];
    const queries = test.rows;
    const labels = Int32Array.from(train.labels);
    const work = {
      kind: 'nearestNeighbourClasses',
      queries,
      points: { rows: train.rows, labels },
    } as const;
    const predicted = await context.compare(work, queries.count, train.rows);
    return { accuracy: accuracy(predicted, test.labels), trainExamples: train.rows.count };
  },
};

/** Pictures of anomaly scores: their histogram, and where anomalies are known ROC and precision-recall. */
import { extname } from 'node:path';
import { precisionRecallPlot, rocPlot } from '../../plot/curvePlots.ts';
import { drawPlot } from '../../plot/drawPlot.ts';
import { scoreHistogram } from '../../plot/scoreHistogram.ts';
import { makeFoldersFor } from '../../run/makeFolders.ts';
import { curvesOf, type MeasuredScores } from './anomalyMeasures.ts';
import type { AnomalyScore } from './anomalyScores.ts';
import type { KnownAnomalies } from './normalLabels.ts';

export interface AnomalyPlot {
  readonly kind: 'histogram' | 'roc' | 'precision-recall';
  readonly path: string;
}

export interface DrawnScores {
  /** What was scored, by what. */
  readonly subtitle: string;
  readonly score: AnomalyScore;
  readonly scores: Float64Array;
  readonly threshold: number | undefined;
  readonly known: KnownAnomalies | undefined;
  readonly measured: MeasuredScores | undefined;
}

const X_TITLE = {
  elbo: 'negative ELBO, nats',
  iw: 'importance-weighted -log p(x), nats',
} as const;

/** `plot.png`, `plot-roc.png` and `plot-pr.png`. */
export async function drawAnomalyPlots(path: string, drawn: DrawnScores): Promise<AnomalyPlot[]> {
  const { subtitle, scores, threshold, measured, known } = drawn;
  await makeFoldersFor(path);
  const group = (name: string, value: number) => ({
    name,
    scores: scores.filter((_, i) => known?.truth[i] === value),
  });
  const spec = scoreHistogram({
    title: 'Anomaly scores',
    subtitle,
    groups: measured ? [group('normal', 0), group('anomalous', 1)] : [{ name: 'all', scores }],
    xTitle: X_TITLE[drawn.score],
    ...(threshold !== undefined && { threshold }),
  });
  await drawPlot(spec, path);
  const plots: AnomalyPlot[] = [{ kind: 'histogram', path }];
  if (!measured) return plots;
  const { measures, ranked } = measured;
  const { roc, precisionRecall } = curvesOf(ranked);
  const name = drawn.score;
  const { auc, averagePrecision } = measures;
  const rocPath = beside(path, 'roc');
  await drawPlot(
    rocPlot({
      title: 'ROC',
      subtitle,
      series: [{ name, curve: roc, auc, interval: measures.aucInterval }],
    }),
    rocPath,
  );
  plots.push({ kind: 'roc', path: rocPath });
  const prPath = beside(path, 'pr');
  await drawPlot(
    precisionRecallPlot({
      title: 'Precision and recall',
      subtitle,
      series: [
        {
          ...{ name, curve: precisionRecall, averagePrecision },
          interval: measures.averagePrecisionInterval,
        },
      ],
      positiveShare: measures.anomalous / (measures.anomalous + measures.normal),
    }),
    prPath,
  );
  plots.push({ kind: 'precision-recall', path: prPath });
  return plots;
}

function beside(path: string, name: string): string {
  const ending = extname(path);
  return `${path.slice(0, -ending.length)}-${name}${ending}`;
}

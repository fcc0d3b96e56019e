/** Pictures of anomaly scores: their histogram, and where anomalies are known ROC and precision-recall. */
import { extname } from 'node:path';
import { precisionRecallPlot, rocPlot } from '../../plot/curvePlots.ts';
import { drawPlot } from '../../plot/drawPlot.ts';
import { scoreHistogram } from '../../plot/scoreHistogram.ts';
import type { FileSet } from '../../run/fileSet.ts';
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

/** `plot.png`, and where anomalies are known `plot-roc.png` and `plot-pr.png`. */
export function anomalyPlots(path: string, isKnown: boolean): AnomalyPlot[] {
  return [
    { kind: 'histogram', path },
    ...(isKnown
      ? ([
          { kind: 'roc', path: beside(path, 'roc') },
          { kind: 'precision-recall', path: beside(path, 'pr') },
        ] as const)
      : []),
  ];
}

/** @throws RunError */
export async function drawAnomalyPlots(
  path: string,
  drawn: DrawnScores,
  files: FileSet,
): Promise<AnomalyPlot[]> {
  const { subtitle, scores, threshold, measured, known } = drawn;
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
  await drawPlot(spec, path, files);
  const plots = anomalyPlots(path, measured !== undefined);
  if (!measured) return plots;
  const { measures, ranked } = measured;
  const { roc, precisionRecall } = curvesOf(ranked);
  const name = drawn.score;
  const { auc, averagePrecision } = measures;
  await drawPlot(
    rocPlot({
      title: 'ROC',
      subtitle,
      series: [{ name, curve: roc, auc, interval: measures.aucInterval }],
    }),
    beside(path, 'roc'),
    files,
  );
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
    beside(path, 'pr'),
    files,
  );
  return plots;
}

function beside(path: string, name: string): string {
  const ending = extname(path);
  return `${path.slice(0, -ending.length)}-${name}${ending}`;
}

/** A confusion matrix: true classes in rows, predicted ones in columns, counts in the cells. */
import { confusionScores, type ConfusionMatrix } from '@lockstep/core/metrics';
import type { PlotLayer, PlotSpec } from './drawPlot.ts';
import { frame, LONGEST_LABEL, percent } from './style.ts';

export interface ConfusionOptions {
  readonly title: string;
  readonly matrix: ConfusionMatrix;
  /** Default: the numbers. */
  readonly classNames?: readonly string[];
}

/** More classes than this have no room for counts. */
const MOST_COUNTED = 24;

export function confusionPlot({ title, matrix, classNames }: ConfusionOptions): PlotSpec {
  const { classes, counts } = matrix;
  const names = Array.from({ length: classes }, (_, c) => classNames?.[c] ?? String(c));
  const rowSums = names.map((_, c) =>
    counts.subarray(c * classes, (c + 1) * classes).reduce((sum, count) => sum + count, 0),
  );
  const values = Array.from(counts, (count, at) => {
    const row = Math.floor(at / classes);
    const sum = rowSums[row] ?? 0;
    return { row, column: at % classes, count, share: sum > 0 ? count / sum : 0 };
  });
  const cell = classes <= 6 ? 60 : classes <= 12 ? 42 : classes <= MOST_COUNTED ? 30 : 12;
  const labels = {
    labelExpr: `${JSON.stringify(names)}[datum.value]`,
    labelLimit: LONGEST_LABEL,
    domain: false,
    ticks: false,
  };
  const longest = Math.max(...names.map(({ length }) => length));
  const labelAngle = classes > MOST_COUNTED ? -90 : longest > 3 ? -45 : 0;
  const position = {
    x: {
      field: 'column',
      type: 'ordinal' as const,
      title: 'predicted class',
      axis: { ...labels, orient: 'bottom' as const, labelAngle },
    },
    y: { field: 'row', type: 'ordinal' as const, title: 'true class', axis: labels },
  };
  const size = Math.max(...counts) > 9999 ? 9 : cell >= 42 ? 12 : 10;
  const layer: PlotLayer[] = [
    {
      mark: { type: 'rect', stroke: '#eeeeee' },
      encoding: {
        ...position,
        color: {
          field: 'share',
          type: 'quantitative',
          title: ['share of the', 'true class'],
          scale: { domain: [0, 1], range: ['#ffffff', '#08519c'], interpolate: 'rgb' },
          legend: { format: '~p' },
        },
      },
    },
  ];
  if (classes <= MOST_COUNTED) {
    layer.push({
      mark: { type: 'text', fontSize: size },
      encoding: {
        ...position,
        text: { field: 'count', type: 'quantitative' },
        color: {
          condition: [
            { test: 'datum.count === 0', value: '#bbbbbb' },
            { test: 'datum.share > 0.55', value: 'white' },
          ],
          value: '#222222',
        },
      },
    });
  }
  return {
    ...frame(
      { title, subtitle: `accuracy ${percent(confusionScores(matrix).accuracy)}` },
      cell * classes,
    ),
    height: cell * classes,
    data: { values },
    layer,
  };
}

/** ROC and precision-recall curves of one or several scores. */
import type { Interval, PrecisionRecallCurve, RocCurve } from '@lockstep/core/metrics';
import type { PlotSpec } from './drawPlot.ts';
import { classColor, frame, percent } from './style.ts';

export interface RocSeries {
  readonly name: string;
  readonly curve: RocCurve;
  readonly auc: number;
  /** Of the area. */
  readonly interval?: Interval;
}

export interface PrecisionRecallSeries {
  readonly name: string;
  readonly curve: PrecisionRecallCurve;
  readonly averagePrecision: number;
  /** Of the average precision. */
  readonly interval?: Interval;
}

export interface CurveOptions<T> {
  /** Of what: stands before the figures of the title. */
  readonly title: string;
  readonly series: readonly T[];
  /** Probability of the intervals. Default 0.95. */
  readonly level?: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Series {
  readonly name: string;
  readonly figure: string;
  readonly points: readonly Point[];
}

/** The share of positives against that of negatives found, with the line of chance. */
export function rocPlot({ title, series, level = 0.95 }: CurveOptions<RocSeries>): PlotSpec {
  return curvePlot({
    title,
    xTitle: 'false positive rate',
    yTitle: 'true positive rate',
    chance: [
      { x: 0, y: 0 },
      { x: 1, y: 1 },
    ],
    series: series.map(({ name, curve, auc, interval }) => ({
      name,
      figure: figureText(`AUC ${auc.toFixed(3)}`, interval, level),
      points: thinned(curve.falsePositiveRates, curve.truePositiveRates),
    })),
  });
}

function figureText(figure: string, interval: Interval | undefined, level: number): string {
  if (!interval) return figure;
  const { low, high } = interval;
  return `${figure} (${percent(level)} interval ${low.toFixed(3)} to ${high.toFixed(3)})`;
}

/** Precision against recall; chance is the share of positives among all. */
export function precisionRecallPlot({
  title,
  series,
  positiveShare,
  level = 0.95,
}: CurveOptions<PrecisionRecallSeries> & { readonly positiveShare: number }): PlotSpec {
  return curvePlot({
    title,
    xTitle: 'recall',
    yTitle: 'precision',
    chance: [
      { x: 0, y: positiveShare },
      { x: 1, y: positiveShare },
    ],
    series: series.map(({ name, curve, averagePrecision, interval }) => ({
      name,
      figure: figureText(`average precision ${averagePrecision.toFixed(3)}`, interval, level),
      points: thinned(curve.recalls, curve.precisions),
    })),
  });
}

interface CurvePlot {
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly series: readonly Series[];
  readonly chance: readonly Point[];
}

function curvePlot({ title, xTitle, yTitle, series, chance }: CurvePlot): PlotSpec {
  const only = series.length === 1 ? series[0] : undefined;
  const legendName = ({ name, figure }: Series): string => `${name}: ${figure}`;
  const axis = (field: 'x' | 'y', axisTitle: string) => ({
    field,
    type: 'quantitative' as const,
    title: axisTitle,
    scale: { domain: [0, 1], nice: false },
  });
  const values = series.flatMap((each) =>
    each.points.map((point, order) => ({ ...point, order, series: legendName(each) })),
  );
  const position = { x: axis('x', xTitle), y: axis('y', yTitle) };
  return {
    ...frame({ title, ...(only && { subtitle: only.figure }) }),
    width: 420,
    height: 420,
    layer: [
      {
        data: { values: chance.map((point) => ({ ...point })) },
        mark: { type: 'line', color: '#888888', strokeDash: [5, 4], strokeWidth: 1 },
        encoding: position,
      },
      {
        data: { values },
        mark: { type: 'line', clip: true, strokeWidth: 2 },
        encoding: {
          ...position,
          order: { field: 'order', type: 'quantitative' },
          color: {
            field: 'series',
            type: 'nominal',
            title: null,
            scale: {
              domain: series.map(legendName),
              range: series.map((_, i) => classColor(i)),
            },
            legend: only ? null : { orient: 'bottom', columns: 1, labelLimit: 0 },
          },
        },
      },
    ],
  };
}

/** Those points of a curve that can be told apart in a picture; the first and the last are kept. */
function thinned(xs: ArrayLike<number>, ys: ArrayLike<number>): Point[] {
  const points: Point[] = [];
  for (let i = 0; i < xs.length; i++) {
    const point = { x: xs[i] ?? 0, y: ys[i] ?? 0 };
    const last = points.at(-1);
    const far =
      !last || Math.abs(point.x - last.x) > RESOLUTION || Math.abs(point.y - last.y) > RESOLUTION;
    if (far || i === xs.length - 1) points.push(point);
  }
  return points;
}

const RESOLUTION = 1 / 1000;

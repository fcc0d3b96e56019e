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
  readonly title: string;
  /** Of what, in a line below the title. */
  readonly subtitle?: string;
  readonly series: readonly T[];
  /** Probability of the intervals. Default 0.95. */
  readonly level?: number;
}

/** After the point, as the command line prints them. */
const DIGITS = 4;

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Series {
  readonly name: string;
  /** The area, and the interval of it where there is one. */
  readonly figures: readonly string[];
  readonly points: readonly Point[];
}

/** The share of positives against that of negatives found, with the line of chance. */
export function rocPlot({ series, level = 0.95, ...titles }: CurveOptions<RocSeries>): PlotSpec {
  return curvePlot({
    ...titles,
    xTitle: 'false positive rate',
    yTitle: 'true positive rate',
    chance: [
      { x: 0, y: 0 },
      { x: 1, y: 1 },
    ],
    series: series.map(({ name, curve, auc, interval }) => ({
      name,
      figures: figuresOf(`AUC ${auc.toFixed(DIGITS)}`, interval, level),
      points: thinned(curve.falsePositiveRates, curve.truePositiveRates),
    })),
  });
}

function figuresOf(figure: string, interval: Interval | undefined, level: number): string[] {
  if (!interval) return [figure];
  const { low, high } = interval;
  return [figure, `${percent(level)} from ${low.toFixed(DIGITS)} to ${high.toFixed(DIGITS)}`];
}

/** Precision against recall; chance is the share of positives among all. */
export function precisionRecallPlot({
  series,
  positiveShare,
  level = 0.95,
  ...titles
}: CurveOptions<PrecisionRecallSeries> & { readonly positiveShare: number }): PlotSpec {
  return curvePlot({
    ...titles,
    xTitle: 'recall',
    yTitle: 'precision',
    chance: [
      { x: 0, y: positiveShare },
      { x: 1, y: positiveShare },
    ],
    series: series.map(({ name, curve, averagePrecision, interval }) => ({
      name,
      figures: figuresOf(`average precision ${averagePrecision.toFixed(DIGITS)}`, interval, level),
      points: thinned(curve.recalls, curve.precisions),
    })),
  });
}

interface CurvePlot extends Pick<CurveOptions<unknown>, 'title' | 'subtitle'> {
  readonly xTitle: string;
  readonly yTitle: string;
  readonly series: readonly Series[];
  readonly chance: readonly Point[];
}

/** Pixels. */
const SIDE = 420;
const TICKS = Array.from({ length: 11 }, (_, i) => i / 10);
/** Beyond 0 and 1, where curves begin and end: half of a line would be cut off. */
const MARGIN = 0.01;

function curvePlot({ title, subtitle, xTitle, yTitle, series, chance }: CurvePlot): PlotSpec {
  const only = series.length === 1 ? series[0] : undefined;
  const legendName = ({ name, figures }: Series): string => `${name}: ${figures.join(', ')}`;
  const axis = (field: 'x' | 'y', axisTitle: string) => ({
    field,
    type: 'quantitative' as const,
    title: axisTitle,
    scale: { domain: [-MARGIN, 1 + MARGIN], nice: false },
    axis: { values: TICKS, format: '.1f' },
  });
  const values = series.flatMap((each) =>
    each.points.map((point, order) => ({ ...point, order, series: legendName(each) })),
  );
  const position = { x: axis('x', xTitle), y: axis('y', yTitle) };
  const lines = [...(subtitle === undefined ? [] : [subtitle]), ...(only?.figures ?? [])];
  return {
    ...frame({ title, ...(lines.length > 0 && { subtitle: lines }) }, SIDE),
    height: SIDE,
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

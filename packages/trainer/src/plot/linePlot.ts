/** Numbers over numbers as lines: a metric against what it was computed with. */
import type { PlotSpec } from './drawPlot.ts';
import { classColor, frame, type PlotTitle } from './style.ts';

export interface LineSeries {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface LineOptions extends PlotTitle {
  readonly series: readonly LineSeries[];
  readonly xTitle: string;
  readonly yTitle: string;
  /** Default false: the axis goes from the least to the most. */
  readonly fromZero?: boolean;
}

/** Fewer points than this are marked. */
const MARKED = 40;

export function linePlot(options: LineOptions): PlotSpec {
  const { series, xTitle, yTitle, fromZero = false } = options;
  const values = series.flatMap(({ name, points }) => points.map(([x, y]) => ({ x, y, name })));
  return {
    ...frame(options, 560),
    height: 320,
    data: { values },
    mark: {
      type: 'line',
      strokeWidth: 2,
      point: series.every(({ points }) => points.length < MARKED),
    },
    encoding: {
      x: { field: 'x', type: 'quantitative', title: xTitle, scale: { zero: false, nice: false } },
      y: { field: 'y', type: 'quantitative', title: yTitle, scale: { zero: fromZero } },
      color: {
        field: 'name',
        type: 'nominal',
        title: null,
        scale: {
          domain: series.map(({ name }) => name),
          range: series.map((_, i) => classColor(i)),
        },
        legend: series.length > 1 ? {} : null,
      },
    },
  };
}

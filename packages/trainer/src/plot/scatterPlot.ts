/** Points of the plane, such as latents, coloured by class. Made for some thousands of them. */
import type { Rows } from '@lockstep/core/metrics';
import type { PlotSpec } from './drawPlot.ts';
import { classColor, classShape, frame, QUIET_COLOR, type PlotTitle } from './style.ts';

export interface ScatterOptions extends PlotTitle {
  readonly points: Rows; // [N, 2]
  /** One a point; -1 where it is not known. */
  readonly labels?: ArrayLike<number>;
  /** Default: the numbers. */
  readonly classNames?: readonly string[];
  readonly xTitle: string;
  readonly yTitle: string;
}

const SIZE = 560;
const UNKNOWN = 'no label';

export function scatterPlot(options: ScatterOptions): PlotSpec {
  const { points, labels, classNames, xTitle, yTitle } = options;
  const nameOf = (label: number): string =>
    label < 0 ? UNKNOWN : (classNames?.[label] ?? String(label));
  const values = Array.from({ length: points.count }, (_, i) => ({
    x: points.data[2 * i] ?? 0,
    y: points.data[2 * i + 1] ?? 0,
    ...(labels && { class: nameOf(labels[i] ?? -1) }),
  }));
  const found = [...new Set(Array.from(labels ?? []))].sort((a, b) => a - b);
  // What is not known is drawn first and named last.
  const classes = [...found.filter((label) => label >= 0), ...found.filter((label) => label < 0)];
  const domain = classes.map(nameOf);
  const legend = {
    title: null,
    symbolSize: 90,
    symbolOpacity: 1,
    ...(classes.length > 24 && { columns: 2 }),
  };
  const colors = classes.map((label) => (label < 0 ? QUIET_COLOR : classColor(label)));
  const shapes = classes.map((label) => classShape(Math.max(label, 0)));
  return {
    ...frame(options, SIZE),
    height: SIZE,
    data: { values: values.sort((a, b) => Number(isUnknown(b)) - Number(isUnknown(a))) },
    mark: {
      type: 'point',
      filled: true,
      // Of the filling alone: with an opacity of its own each point is drawn on a surface of its own.
      opacity: 1,
      fillOpacity: 0.65,
      aria: false,
      size: pointSize(points.count),
      ...(!labels && { color: classColor(0) }),
    },
    encoding: {
      x: { field: 'x', type: 'quantitative', title: xTitle, scale: { zero: false } },
      y: { field: 'y', type: 'quantitative', title: yTitle, scale: { zero: false } },
      ...(labels && {
        color: { field: 'class', type: 'nominal', scale: { domain, range: colors }, legend },
        shape: { field: 'class', type: 'nominal', scale: { domain, range: shapes }, legend },
      }),
    },
  };
}

function isUnknown(point: { readonly class?: string }): boolean {
  return point.class === UNKNOWN;
}

/** Square pixels: less ink for each where there are many. */
function pointSize(count: number): number {
  return Math.min(60, Math.max(8, 30_000 / Math.max(count, 1)));
}

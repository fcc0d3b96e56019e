/**
 * How plots look. Colours that people with any kind of colour vision tell apart: Paul Tol's "muted"
 * scheme (https://sronpersonalpages.nl/~pault/), with black as a tenth; beyond ten classes they come again
 * with another shape.
 */
import type { PlotSpec } from './drawPlot.ts';

const CLASS_COLORS: readonly string[] = [
  '#332288',
  '#cc6677',
  '#117733',
  '#ddcc77',
  '#88ccee',
  '#882255',
  '#44aa99',
  '#999933',
  '#aa4499',
  '#000000',
];
const CLASS_SHAPES = ['circle', 'square', 'triangle-up', 'diamond', 'cross'] as const;

/** Of what has no class, or stands behind what is shown. */
export const QUIET_COLOR = '#bbbbbb';
export const FIRST_COLOR = '#1f6fb4';
export const SECOND_COLOR = '#e08214';
export const MARK_COLOR = '#b2182b';

export function classColor(index: number): string {
  return CLASS_COLORS[index % CLASS_COLORS.length] ?? QUIET_COLOR;
}

export function classShape(index: number): string {
  return CLASS_SHAPES[Math.floor(index / CLASS_COLORS.length) % CLASS_SHAPES.length] ?? 'circle';
}

export interface PlotTitle {
  readonly title: string;
  /** Lines below it, smaller. */
  readonly subtitle?: string | readonly string[];
}

/** What all plots share; the rest of the specification is spread beside it. */
export function frame({ title, subtitle: lines }: PlotTitle) {
  const subtitle = typeof lines === 'string' ? lines : lines && [...lines];
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: 'white',
    padding: 12,
    title: {
      text: title,
      anchor: 'start',
      fontSize: 14,
      offset: 10,
      ...(subtitle !== undefined && { subtitle, subtitleFontSize: 12, subtitleColor: '#555555' }),
    },
    config: {
      axis: {
        labelFontSize: 12,
        titleFontSize: 13,
        titleFontWeight: 'normal',
        gridColor: '#eeeeee',
        // The first and last number stand below their ticks, as the others do.
        labelFlush: false,
      },
      legend: { labelFontSize: 12, titleFontSize: 13, titleFontWeight: 'normal' },
      view: { stroke: '#cccccc' },
    },
  } satisfies Partial<PlotSpec>;
}

/** 0.95 as `95%`. */
export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))}%`;
}

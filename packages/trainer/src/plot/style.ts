/**
 * How plots look. Colours that people with any kind of colour vision tell apart: Paul Tol's "muted"
 * scheme (https://sronpersonalpages.nl/~pault/), with black as a tenth; beyond ten classes they come again
 * with another shape.
 */
import type { PlotSpec } from './drawPlot.ts';
import { wrapText } from './wrapText.ts';

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

const [TITLE_SIZE, SUBTITLE_SIZE] = [14, 12];
/** Titles begin above the labels of the axis at the left; those of narrow plots have this much room all the same. */
const [AXIS_WIDTH, LEAST_TITLE_WIDTH] = [40, 360];
/** Of what classes and columns are called, in a legend or beside an axis; more is cut off. */
export const LONGEST_LABEL = 400;

/**
 * What all plots share; the rest of the specification is spread beside it.
 * @param width pixels between the axes
 */
export function frame({ title, subtitle: given = [] }: PlotTitle, width: number) {
  const room = Math.max(width + AXIS_WIDTH, LEAST_TITLE_WIDTH);
  const subtitle = [given]
    .flat()
    .flatMap((line) => wrapText(line, { width: room, fontSize: SUBTITLE_SIZE }));
  return {
    width,
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: 'white',
    padding: 12,
    title: {
      text: wrapText(title, { width: room, fontSize: TITLE_SIZE }),
      anchor: 'start',
      fontSize: TITLE_SIZE,
      offset: 10,
      ...(subtitle.length > 0 && {
        subtitle,
        subtitleFontSize: SUBTITLE_SIZE,
        subtitleColor: '#555555',
      }),
    },
    config: {
      axis: {
        labelFontSize: 12,
        titleFontSize: 13,
        titleFontWeight: 'normal',
        gridColor: '#eeeeee',
        // The first and last number stand below their ticks, as the others do.
        labelFlush: false,
        // Beyond it the axis's title stands on the labels.
        maxExtent: LONGEST_LABEL,
      },
      legend: {
        labelFontSize: 12,
        titleFontSize: 13,
        titleFontWeight: 'normal',
        labelLimit: LONGEST_LABEL,
      },
      view: { stroke: '#cccccc' },
    },
  } satisfies Partial<PlotSpec>;
}

/** 0.95 as `95%`. */
export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))}%`;
}

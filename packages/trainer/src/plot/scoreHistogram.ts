/**
 * Scores of two groups beside each other, and the threshold between. Each group's bars add up to 1,
 * however many examples it has. The outermost bars hold the long tails: scores of a density have them.
 */
import { quantile } from '@lockstep/core/metrics';
import type { PlotSpec } from './drawPlot.ts';
import { FIRST_COLOR, frame, MARK_COLOR, SECOND_COLOR, type PlotTitle } from './style.ts';

export interface HistogramOptions extends PlotTitle {
  /** One or two; the first is what is ordinary. None may be empty. */
  readonly groups: readonly { readonly name: string; readonly scores: ArrayLike<number> }[];
  readonly threshold?: number;
  readonly xTitle: string;
}

const MOST_BARS = 60;
/** Share of the scores beyond the outermost bars, at each end. */
const TAIL = 0.005;

export function scoreHistogram(options: HistogramOptions): PlotSpec {
  const { groups, threshold, xTitle } = options;
  const { low, high, isCut } = range(options);
  const bars = barsOf(groups);
  const width = (high - low) / bars;
  const values = groups.flatMap(({ name, scores }) =>
    shares(scores, { low, width, bars }).map((share, bar) => ({
      from: low + bar * width,
      to: low + (bar + 1) * width,
      share,
      group: name,
    })),
  );
  const x = { type: 'quantitative' as const, scale: { domain: [low, high], nice: false } };
  const marked =
    threshold !== undefined && Number.isFinite(threshold)
      ? [{ threshold, label: 'threshold' }]
      : [];
  return {
    ...frame(options, 560),
    height: 320,
    layer: [
      {
        data: { values },
        mark: { type: 'bar', opacity: 0.6, binSpacing: 0 },
        encoding: {
          x: {
            ...x,
            field: 'from',
            title: isCut ? `${xTitle} (tails in the outermost bars)` : xTitle,
          },
          x2: { field: 'to' },
          y: {
            field: 'share',
            type: 'quantitative',
            stack: null,
            title: 'share of the group',
            axis: { format: '~p' },
          },
          y2: { datum: 0 },
          color: {
            field: 'group',
            type: 'nominal',
            title: null,
            scale: {
              domain: groups.map(({ name }) => name),
              range: [FIRST_COLOR, SECOND_COLOR].slice(0, groups.length),
            },
            legend: { orient: 'top', symbolOpacity: 0.6 },
          },
        },
      },
      {
        data: { values: marked },
        mark: { type: 'rule', color: MARK_COLOR, strokeWidth: 2, strokeDash: [6, 4] },
        encoding: { x: { ...x, field: 'threshold' } },
      },
      {
        data: { values: marked },
        mark: {
          type: 'text',
          color: MARK_COLOR,
          align: 'left',
          dx: 6,
          baseline: 'top',
          fontSize: 12,
        },
        encoding: {
          x: { ...x, field: 'threshold' },
          y: { value: 6 },
          text: { value: `threshold ${format(threshold)}` },
        },
      },
    ],
  };
}

function range({ groups, threshold }: HistogramOptions): {
  low: number;
  high: number;
  isCut: boolean;
} {
  const sorted = groups.map(({ scores }) =>
    Float64Array.from(scores)
      .filter((score) => Number.isFinite(score))
      .sort(),
  );
  const ends = sorted.flatMap((scores) => [quantile(scores, TAIL), quantile(scores, 1 - TAIL)]);
  if (threshold !== undefined && Number.isFinite(threshold)) ends.push(threshold);
  const finite = ends.filter((end) => Number.isFinite(end));
  const [least, most] = [Math.min(...finite), Math.max(...finite)];
  const margin = (most - least) * 0.02 || 1;
  const [low, high] = [least - margin, most + margin];
  const isCut = sorted.some(
    (scores) => (scores[0] ?? low) < low || (scores[scores.length - 1] ?? high) > high,
  );
  return { low, high, isCut };
}

/** So few for few scores that most bars hold some of them: the square root, twice for both sides of the mean. */
function barsOf(groups: HistogramOptions['groups']): number {
  const fewest = Math.min(...groups.map(({ scores }) => scores.length));
  return Math.min(MOST_BARS, Math.ceil(2 * Math.sqrt(fewest)));
}

interface Bars {
  readonly low: number;
  readonly width: number;
  readonly bars: number;
}

function shares(scores: ArrayLike<number>, { low, width, bars }: Bars): number[] {
  const counts = new Array<number>(bars).fill(0);
  for (let i = 0; i < scores.length; i++) {
    const bar = Math.floor(((scores[i] ?? 0) - low) / width);
    const at = Math.min(Math.max(bar, 0), bars - 1);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts.map((count) => count / scores.length);
}

function format(value: number | undefined): string {
  return value === undefined ? '' : String(Number(value.toPrecision(4)));
}

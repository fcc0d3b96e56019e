/** Named numbers as bars, one a line: the KL of each latent dimension, the blame of each column. */
import type { Interval } from '@lockstep/core/metrics';
import type { PlotLayer, PlotSpec } from './drawPlot.ts';
import { FIRST_COLOR, frame, LONGEST_LABEL, MARK_COLOR, type PlotTitle } from './style.ts';

export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly interval?: Interval;
}

export interface BarOptions extends PlotTitle {
  /** In the order they are drawn, from the top; names differ. */
  readonly bars: readonly Bar[];
  /** What the names name. */
  readonly nameTitle: string;
  readonly valueTitle: string;
  /** A line across all bars, such as what chance gives. */
  readonly reference?: { readonly value: number; readonly name: string };
  /** Most bars; the first so many are drawn, and the subtitle says so. Default 40. */
  readonly most?: number;
}

export function barPlot(options: BarOptions): PlotSpec {
  const { bars, nameTitle, valueTitle, reference, most = 40 } = options;
  const shown = bars.slice(0, most);
  const values = shown.map(({ name, value, interval }) => ({
    name,
    value,
    text: String(Number(value.toPrecision(3))),
    end: Math.max(value, interval?.high ?? value, 0),
    ...interval,
  }));
  const y = {
    field: 'name',
    type: 'nominal',
    sort: shown.map(({ name }) => name),
    title: nameTitle,
    axis: { labelLimit: LONGEST_LABEL, domain: false, ticks: false },
  } as const;
  const cut = bars.length > most ? `the first ${most} of ${bars.length}` : undefined;
  const subtitle = [options.subtitle, cut].filter((part) => part !== undefined).join('; ');
  const x = { type: 'quantitative', title: valueTitle } as const;
  const layer: PlotLayer[] = [
    {
      mark: { type: 'bar', color: FIRST_COLOR, height: 15 },
      encoding: { y, x: { ...x, field: 'value' } },
    },
    {
      mark: { type: 'text', align: 'left', dx: 5, fontSize: 11, color: '#333333' },
      encoding: { y, x: { ...x, field: 'end' }, text: { field: 'text' } },
    },
  ];
  if (shown.some(({ interval }) => interval)) {
    layer.push({
      mark: { type: 'rule', color: '#222222', strokeWidth: 1.5 },
      encoding: { y, x: { ...x, field: 'low' }, x2: { field: 'high' } },
    });
  }
  if (reference) {
    const data = { values: [{ value: reference.value }] };
    const at = { x: { ...x, field: 'value' } };
    layer.push(
      {
        data,
        mark: { type: 'rule', color: MARK_COLOR, strokeWidth: 1.5, strokeDash: [6, 4] },
        encoding: at,
      },
      {
        data,
        mark: { type: 'text', color: MARK_COLOR, baseline: 'bottom', dy: -4, fontSize: 11 },
        encoding: { ...at, y: { value: 0 }, text: { value: reference.name } },
      },
    );
  }
  return {
    ...frame({ title: options.title, ...(subtitle && { subtitle }) }, 480),
    height: { step: 22 },
    data: { values },
    layer,
  };
}

/** The plot of a sweep: loss against learning rate, on a logarithmic scale, and what is suggested. */
import type { PlotSpec } from '../plot/drawPlot.ts';
import { frame } from '../plot/style.ts';
import type { SweepPoint } from './sweepCurve.ts';

const LOSS_COLOR = '#cbd5e1';
const SMOOTHED_COLOR = '#1d4ed8';
const SUGGESTION_COLOR = '#b91c1c';

export function sweepPlot(
  points: readonly SweepPoint[],
  suggested: number | undefined,
  title: string,
): PlotSpec {
  const values = points.flatMap(({ learningRate, loss, smoothedLoss }) => [
    { learningRate, loss, series: 'each step' },
    { learningRate, loss: smoothedLoss, series: 'smoothed' },
  ]);
  const rate = {
    field: 'learningRate',
    type: 'quantitative',
    title: 'learning rate',
    scale: { type: 'log', nice: false },
    axis: { format: '.0e', values: decades(points) },
  } as const;
  const marked = suggested === undefined ? [] : [{ learningRate: suggested }];
  return {
    ...frame({ title }, 640),
    height: 360,
    layer: [
      {
        data: { values },
        mark: { type: 'line', clip: true },
        encoding: {
          x: rate,
          y: {
            field: 'loss',
            type: 'quantitative',
            title: 'training loss, nats per example',
            scale: { zero: false, domain: lossDomain(points) },
          },
          color: {
            field: 'series',
            type: 'nominal',
            title: null,
            scale: { domain: ['each step', 'smoothed'], range: [LOSS_COLOR, SMOOTHED_COLOR] },
          },
          strokeWidth: { condition: { test: "datum.series === 'smoothed'", value: 2.5 }, value: 1 },
        },
      },
      {
        data: { values: marked },
        mark: { type: 'rule', color: SUGGESTION_COLOR, strokeDash: [6, 4] },
        encoding: { x: rate },
      },
      {
        data: { values: marked },
        mark: { type: 'text', color: SUGGESTION_COLOR, align: 'left', dx: 6, baseline: 'top' },
        encoding: {
          x: rate,
          y: { value: 6 },
          text: { value: `suggested: ${suggested?.toExponential(1) ?? ''}` },
        },
      },
    ],
  };
}

/** Powers of ten. */
function decades(points: readonly SweepPoint[]): number[] {
  const exponents = points.map(({ learningRate }) => Math.log10(learningRate));
  const [from, to] = [Math.floor(Math.min(...exponents)), Math.ceil(Math.max(...exponents))];
  return Array.from({ length: to - from + 1 }, (_, i) => Number(`1e${from + i}`));
}

/** From the lowest loss to above the first: where the sweep diverges, losses would dwarf the rest. */
function lossDomain(points: readonly SweepPoint[]): [number, number] {
  const [first] = points;
  const low = Math.min(...points.map(({ loss }) => loss));
  const margin = 0.2 * ((first?.loss ?? low) - low) || 1;
  return [low - margin, (first?.loss ?? low) + margin];
}

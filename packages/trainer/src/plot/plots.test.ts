import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  averagePrecision,
  confusionMatrix,
  precisionRecallCurve,
  rankedCounts,
  rocAuc,
  rocCurve,
  rowsOf,
} from '@lockstep/core/metrics';
import { afterAll, describe, expect, it } from 'vitest';
import { barPlot } from './barPlot.ts';
import { confusionPlot } from './confusionPlot.ts';
import { precisionRecallPlot, rocPlot } from './curvePlots.ts';
import { drawPlot, type PlotSpec } from './drawPlot.ts';
import { writeTogether } from '../run/fileSet.ts';
import { linePlot } from './linePlot.ts';
import { scatterPlot } from './scatterPlot.ts';
import { scoreHistogram } from './scoreHistogram.ts';
import { classColor, classShape, percent } from './style.ts';

const folder = mkdtempSync(join(tmpdir(), 'lockstep-plots-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function drawn(spec: PlotSpec): Promise<{ svg: string; texts: string[] }> {
  const path = join(folder, 'plot.svg');
  await writeTogether((files) => drawPlot(spec, path, files));
  const svg = readFileSync(path, 'utf8');
  const texts = [...svg.matchAll(/<(?:text|tspan)[^>]*>([^<]+)</g)].map((match) => match[1] ?? '');
  return { svg, texts };
}

const widthOf = (svg: string): number => Number(/<svg[^>]* width="([\d.]+)"/.exec(svg)?.[1]);

const points = rowsOf(Float32Array.from([0, 0, 1, 1, 2, 4, 3, 9]), 2);
const axes = { title: 'the title', xTitle: 'abscissa', yTitle: 'ordinate' };

describe('a scatter plot', () => {
  it('has a point of its class for each row, and a legend by name', async () => {
    const { svg, texts } = await drawn(
      scatterPlot({ ...axes, points, labels: [1, -1, 0, 1], classNames: ['cat', 'dog'] }),
    );
    expect(texts).toEqual(expect.arrayContaining(['the title', 'abscissa', 'ordinate']));
    expect(texts.filter((text) => ['cat', 'dog', 'no label'].includes(text))).toEqual([
      'cat',
      'dog',
      'no label',
    ]);
    // Twice in the plot and once in the legend.
    expect(svg.match(new RegExp(`fill="${classColor(1)}"`, 'g'))).toHaveLength(3);
  });

  it('without labels has no legend', async () => {
    const { svg } = await drawn(scatterPlot({ ...axes, points }));
    expect(svg.match(new RegExp(`fill="${classColor(0)}"`, 'g'))).toHaveLength(4);
    expect(svg).not.toContain('role-legend');
  });

  it('tells fifty classes apart', () => {
    const looks = Array.from({ length: 50 }, (_, i) => classColor(i) + classShape(i));
    expect(new Set(looks).size).toBe(50);
  });
});

describe('curves', () => {
  const positive = [0, 0, 1, 1, 0, 1];
  const ranked = rankedCounts([1, 2, 3, 4, 3, 6], positive);
  const roc = { name: 'a', curve: rocCurve(ranked), auc: rocAuc(ranked) };

  it('of one score say their figure under the title', async () => {
    const interval = { low: 0.5, high: 1 };
    const { texts, svg } = await drawn(
      rocPlot({ title: 't', subtitle: 'of what', series: [{ ...roc, interval }] }),
    );
    expect(texts.join('|')).toContain('of what|AUC 0.9444|95% from 0.5000 to 1.0000');
    expect(widthOf(svg)).toBeLessThan(520);
    // The line begins and ends inside of what it is clipped to.
    const [, path = ''] =
      /class="mark-line role-mark layer_1_marks"[^]*? d="([^"]+)"/.exec(svg) ?? [];
    const xs = [...path.matchAll(/[ML]([\d.]+),([\d.]+)/g)].map(([, x]) => Number(x));
    expect(Math.min(...xs)).toBeGreaterThan(2);
    expect(Math.max(...xs)).toBeLessThan(420 - 2);
    expect(texts).toEqual(expect.arrayContaining(['false positive rate', 'true positive rate']));
    const curve = precisionRecallCurve(ranked);
    const series = [{ name: 'a', curve, averagePrecision: averagePrecision(ranked) }];
    const second = await drawn(precisionRecallPlot({ title: 't', series, positiveShare: 0.5 }));
    expect(second.texts).toEqual(
      expect.arrayContaining(['average precision 0.9167', 'recall', 'precision']),
    );
  });

  it('are no wider for long titles and figures, which stand there whole', async () => {
    const subtitle = `${'a-file-with-a-name-that-goes-on-and-on.csv, '.repeat(3)}run ${'of-digits'.repeat(9)}`;
    const interval = { low: 0.0631, high: 0.0637 };
    const curve = precisionRecallCurve(ranked);
    const series = [{ name: 'a', curve, averagePrecision: 0.0634, interval }];
    const title = 'Precision and recall of what is found among all that was looked for';
    const { svg, texts } = await drawn(
      precisionRecallPlot({ title, subtitle, series, positiveShare: 0.5 }),
    );
    expect(widthOf(svg)).toBeLessThan(520);
    expect(texts.join('')).not.toContain('…');
    // Words keep together, and what has no spaces is broken.
    expect(texts.join('').replaceAll(' ', '')).toContain(`${title}${subtitle}`.replaceAll(' ', ''));
    expect(texts.join('|')).toContain('average precision 0.0634|95% from 0.0631 to 0.0637');
  });

  it('and other plots have names of forty letters whole', async () => {
    const name = 'a column of a name of just forty letters';
    const others = [`${name.slice(0, -1)}1`, name];
    const matrix = confusionMatrix([0, 1], [0, 1], 2);
    for (const spec of [
      barPlot({ title: 't', bars: [{ name, value: 1 }], nameTitle: 'n', valueTitle: 'v' }),
      confusionPlot({ title: 't', matrix, classNames: others }),
      scatterPlot({ ...axes, points, labels: [0, 1, 0, 1], classNames: others }),
      linePlot({ ...axes, series: others.map((each) => ({ name: each, points: [[0, 1]] })) }),
    ]) {
      expect((await drawn(spec)).texts).toContain(name);
    }
  });

  it('of several say it in the legend', async () => {
    const { texts } = await drawn(rocPlot({ title: 't', series: [roc, { ...roc, name: 'b' }] }));
    expect(texts).toEqual(expect.arrayContaining(['a: AUC 0.9444', 'b: AUC 0.9444']));
  });
});

describe('a histogram of scores', () => {
  const normal = Float64Array.from({ length: 500 }, (_, i) => i % 50);
  const odd = Float64Array.from({ length: 20 }, (_, i) => 30 + i * 4);

  it('gives each group bars that add up to 1, whatever lies outside', () => {
    const spec = scoreHistogram({
      ...axes,
      groups: [
        { name: 'normal', scores: [...normal, 1e9, Infinity] },
        { name: 'odd', scores: odd },
      ],
      threshold: 45,
    });
    const [bars] = (
      spec as unknown as {
        layer: { data: { values: { group: string; share: number; from: number }[] } }[];
      }
    ).layer;
    for (const name of ['normal', 'odd']) {
      const shares = bars!.data.values.filter(({ group }) => group === name);
      expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
      expect(Math.max(...shares.map(({ from }) => from))).toBeLessThan(200);
    }
  });

  it('of few scores has few bars', () => {
    const few = { name: 'few', scores: [1, 2, 3, 4, 5, 6, 7, 8, 9] };
    const { layer } = scoreHistogram({ ...axes, groups: [few] }) as unknown as {
      layer: { data: { values: unknown[] } }[];
    };
    expect(layer[0]?.data.values).toHaveLength(6);
  });

  it('marks a finite threshold', async () => {
    const options = { ...axes, groups: [{ name: 'normal', scores: normal }] };
    expect((await drawn(scoreHistogram({ ...options, threshold: 45 }))).texts).toContain(
      'threshold 45',
    );
    const { texts } = await drawn(scoreHistogram({ ...options, threshold: Infinity }));
    expect(texts.join()).not.toContain('threshold');
  });

  it('of equal scores is drawn', async () => {
    const { texts } = await drawn(
      scoreHistogram({ ...axes, groups: [{ name: 'all', scores: [2, 2] }] }),
    );
    expect(texts).toContain('share of the group');
  });
});

describe('a confusion matrix', () => {
  it('shows counts and names of classes', async () => {
    const matrix = confusionMatrix([0, 1, 1, 1], [0, 0, 1, 1], 2);
    const { texts } = await drawn(confusionPlot({ title: 't', matrix, classNames: ['a', 'b'] }));
    expect(texts).toEqual(
      expect.arrayContaining(['accuracy 75%', 'true class', 'predicted class', 'a', 'b']),
    );
    expect(texts.filter((text) => /^\d$/.test(text))).toEqual(['1', '1', '0', '2']);
  });

  it('of many classes shows colours alone', async () => {
    const classes = Array.from({ length: 30 }, (_, i) => i);
    const matrix = confusionMatrix(classes, classes, 30);
    const { texts } = await drawn(confusionPlot({ title: 't', matrix }));
    // A label on each axis; 1 is no count.
    expect(texts.filter((text) => text === '1')).toHaveLength(2);
  });
});

describe('bars', () => {
  const bars = [
    { name: 'z3', value: 2.5 },
    { name: 'z1', value: 0.5, interval: { low: 0.25, high: 0.75 } },
    { name: 'z2', value: 0.125 },
  ];

  it('stand in their order, each with its number', async () => {
    const { texts } = await drawn(
      barPlot({
        title: 't',
        bars,
        nameTitle: 'dimension',
        valueTitle: 'KL',
        reference: { value: 1, name: 'chance' },
      }),
    );
    expect(texts.filter((text) => /^z\d$/.test(text))).toEqual(['z3', 'z1', 'z2']);
    expect(texts).toEqual(expect.arrayContaining(['2.5', '0.125', 'dimension', 'KL', 'chance']));
  });

  it('beyond the most are left out, and it is said', async () => {
    const { texts } = await drawn(
      barPlot({ title: 't', bars, nameTitle: 'n', valueTitle: 'v', most: 2 }),
    );
    expect(texts).toContain('the first 2 of 3');
    expect(texts).not.toContain('z2');
  });
});

it('lines have axes and a legend', async () => {
  const series = ['one', 'two'].map((name, i) => ({
    name,
    points: [
      [0, i],
      [1, 2],
    ] as const,
  }));
  const { texts } = await drawn(linePlot({ ...axes, series }));
  expect(texts).toEqual(expect.arrayContaining(['abscissa', 'ordinate', 'one', 'two']));
  const one = await drawn(linePlot({ ...axes, series: series.slice(0, 1), fromZero: true }));
  expect(one.texts).not.toContain('one');
});

it('percentages have three digits at most', () => {
  expect([0.95, 0.9312, 0.0001, 1].map(percent)).toEqual(['95%', '93.1%', '0.01%', '100%']);
});

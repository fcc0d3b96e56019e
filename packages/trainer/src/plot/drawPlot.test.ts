import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, expect, it } from 'vitest';
import { writeTogether } from '../run/fileSet.ts';
import { checkPlotPath, drawPlot, type PlotSpec } from './drawPlot.ts';

const folder = mkdtempSync(join(tmpdir(), 'lockstep-plot-'));
afterAll(() => rmSync(folder, { recursive: true }));

const spec: PlotSpec = {
  width: 200,
  height: 100,
  background: 'white',
  data: { values: [0, 1, 2].map((x) => ({ x, y: x * x })) },
  mark: { type: 'line', clip: true, color: 'rgb(255, 0, 0)', strokeWidth: 4 },
  encoding: {
    x: { field: 'x', type: 'quantitative', title: 'the abscissa' },
    y: { field: 'y', type: 'quantitative', title: 'the ordinate' },
  },
};

it('draws an SVG whose axes are labelled, the same bytes each time', async () => {
  const paths = ['a.svg', 'b.svg'].map((name) => join(folder, name));
  for (const path of paths) await writeTogether((files) => drawPlot(spec, path, files));
  const [first, second] = paths.map((path) => readFileSync(path, 'utf8'));
  expect(first).toMatch(/^<svg[^>]* xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  expect(first).toContain('>the abscissa</text>');
  expect(first).toContain('>the ordinate</text>');
  expect(second).toBe(first);
});

it('draws a PNG, twice as large', async () => {
  const path = join(folder, 'a.png');
  await writeTogether((files) => drawPlot(spec, path, files));
  const { data, info } = await sharp(path)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect(info.width).toBeGreaterThan(400);
  const isRed = (_: number, i: number): boolean =>
    i % 3 === 0 && data[i] === 255 && data[i + 1] === 0 && data[i + 2] === 0;
  expect([...data.keys()].filter(isRed).length).toBeGreaterThan(500);
});

it('refuses any other kind of file', () => {
  expect(() => checkPlotPath('a.SVG')).not.toThrow();
  expect(() => checkPlotPath('plots/a.pdf')).toThrow('--out: expected a file name that ends in');
});

/** Images a second against workers, a panel for each case: an SVG. */
import * as vega from 'vega';
import { compile } from 'vega-lite';
import { median } from '../report.mjs';
import { caseNames, defaultName } from './cases.mjs';
import { bestOf } from './goals.mjs';

/**
 * @typedef {import('./measureCell.mjs').CellResult} CellResult
 * @typedef {{ panel: string, who: string, workers: number, median: number, low: number, high: number }} Point
 */

const PYTORCH = 'PyTorch at its best';
const PYTORCH_COLOR = '#1d4ed8';
const OUR_COLORS = ['#b91c1c', '#f59e0b', '#7c3aed', '#0d9488'];

/**
 * @param {CellResult} cell
 * @returns {Point[]}
 */
function points(cell) {
  const best = bestOf(cell, 'torch')?.name;
  const panel = cell.title.replace(/, \d+ workers?$/, '').replace(/, lockstep .*$/, '');
  return cell.rows.flatMap(({ name, kind, engine, workers, examplesPerSec: figures }) => {
    const ours = kind === 'lockstep' && engine !== undefined && name !== defaultName(engine);
    if (figures.length === 0 || !(ours || name === best)) return [];
    const who = ours ? `lockstep ${engine}` : PYTORCH;
    const [low, high] = [Math.min(...figures), Math.max(...figures)];
    return [{ panel, who, workers, median: median(figures), low, high }];
  });
}

/** @param {Point[]} values */
function specification(values) {
  const ours = [...new Set(values.map(({ who }) => who))].filter((who) => who !== PYTORCH);
  const domain = [...ours, PYTORCH];
  const range = [...ours.map((_, i) => OUR_COLORS[i % OUR_COLORS.length] ?? ''), PYTORCH_COLOR];
  const images = { title: 'images/s', axis: { format: '~s' } };
  return /** @type {import('vega-lite').TopLevelSpec} */ ({
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: {
      text: 'Training speed against workers',
      subtitle: 'median; bars from lowest to highest',
    },
    background: 'white',
    data: { values },
    facet: {
      field: 'panel',
      type: 'nominal',
      title: null,
      sort: [...new Set(values.map(({ panel }) => panel))],
      header: { labelFontSize: 12, labelFontWeight: 'bold' },
    },
    columns: 3,
    spec: {
      width: 230,
      height: 190,
      encoding: {
        x: {
          field: 'workers',
          type: 'quantitative',
          axis: { values: [1, 2, 4, 8, 16, 32, 64], format: 'd' },
          scale: { domainMin: 0, nice: true },
        },
        color: { field: 'who', type: 'nominal', title: null, scale: { domain, range } },
      },
      layer: [
        {
          mark: { type: 'line', strokeWidth: 2 },
          encoding: { y: { field: 'median', type: 'quantitative', ...images } },
        },
        {
          mark: { type: 'point', filled: true, size: 55, opacity: 1 },
          encoding: {
            y: { field: 'median', type: 'quantitative', ...images },
            shape: { field: 'who', type: 'nominal', title: null, scale: { domain } },
          },
        },
        {
          mark: { type: 'rule' },
          encoding: {
            y: { field: 'low', type: 'quantitative', ...images },
            y2: { field: 'high' },
          },
        },
      ],
    },
    resolve: { scale: { y: 'independent' }, axis: { x: 'independent', y: 'independent' } },
    config: { legend: { orient: 'top', symbolSize: 80, labelFontSize: 12, labelLimit: 0 } },
  });
}

/**
 * @param {import('./results.mjs').Results} results
 * @returns {Promise<string>}
 */
export async function drawChart({ cells }) {
  const byCase = Object.values(cells).sort(
    (a, b) => caseNames.indexOf(a.caseName) - caseNames.indexOf(b.caseName),
  );
  const { spec } = compile(specification(byCase.flatMap(points)));
  return new vega.View(vega.parse(spec), { renderer: 'none' }).toSVG();
}

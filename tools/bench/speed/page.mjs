/** The page: goals, a chart, and a table for each cell. */
import { count, median, spread, table } from '../report.mjs';
import { caseNames, WEAK_SCALING } from './cases.mjs';
import { bestOf, judgeGoals } from './goals.mjs';

/**
 * @typedef {import('./results.mjs').Results} Results
 * @typedef {import('./measureCell.mjs').CellResult} CellResult
 * @typedef {import('./measureCell.mjs').Row} Row
 */

/** @param {number | undefined} ratio */
const times = (ratio) => (ratio === undefined ? '' : `${ratio.toFixed(2)}x`);

/** @param {Results} results */
function goalTable({ cells }) {
  const rows = judgeGoals(cells).map(({ engine, what, against, atLeast, ratio }) => {
    const verdict =
      ratio === undefined
        ? ''
        : ratio >= atLeast
          ? 'met'
          : `missed by ${Math.round((1 - ratio / atLeast) * 100)}%`;
    const measured = ratio === undefined ? 'not measured' : `**${times(ratio)}**`;
    return [engine, what, against, `${atLeast}x`, measured, verdict];
  });
  return table(['lockstep', 'case', 'against', 'goal', 'measured', ''], rows);
}

/**
 * @param {CellResult} cell
 * @param {Results} results
 */
function cellTable(cell, { sgemm, flopsPerImage }) {
  const weak = cell.caseName === WEAK_SCALING;
  const first = cell.rows[0];
  const base = weak
    ? first && median(first.examplesPerSec) / first.workers
    : bestOf(cell, 'torch')?.speed;
  const flops = flopsPerImage[cell.network];
  const peak = Math.max(...Object.values(sgemm)) * 1e9;

  /** @param {Row} row */
  const figures = ({ name, examplesPerSec, workers, note }) => {
    const label = note === undefined ? name : `${name} (${note})`;
    if (examplesPerSec.length === 0) return [label, 'failed', '', '', ''];
    const speed = median(examplesPerSec);
    const ratio = base === undefined ? undefined : speed / base / (weak ? workers : 1);
    const share = flops === undefined ? Number.NaN : (speed * flops) / (peak * workers);
    return [
      label,
      count(speed),
      spread(examplesPerSec),
      times(ratio),
      Number.isFinite(share) ? `${Math.round(share * 100)}%` : '',
    ];
  };
  const failures = cell.rows
    .filter(({ failed }) => failed !== undefined)
    .map(({ name, failed }) => `\n- ${name} failed: ${failed}`);
  const ratio = weak ? 'of perfect scaling' : "of PyTorch's best";
  const date = `${cell.date}; ${cell.runs} runs; load average when it began: ${cell.load.toFixed(2)}`;
  return `### ${cell.title}

${table(['', 'images/s', 'spread', ratio, 'of sgemm peak'], cell.rows.map(figures))}
${failures.join('')}

${date}`;
}

/** @param {Results} results */
export function machineList({ machine, versions, sgemm }) {
  const { cpu, cores, memoryGib, system } = machine;
  const peaks = Object.entries(sgemm).map(([name, gflops]) => `${gflops} GFLOP/s (${name})`);
  return [
    `- ${cpu}, ${cores} cores, ${memoryGib} GiB; ${system}`,
    `- ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}`,
    `- float32 matrix products on one thread, the best of three sizes: ${peaks.join(', ')}`,
  ].join('\n');
}

/**
 * @param {Results} results
 * @param {string} chart its file name
 */
export function renderPage(results, chart) {
  const cells = caseNames.flatMap((caseName) =>
    Object.values(results.cells).filter((cell) => cell.caseName === caseName),
  );
  return `# Training speed against PyTorch and tfjs

Images per second in steady state, forward, backward and update, on data in memory: medians of runs in
which the contenders of a table take turns. All figures: [speed.json](speed.json). How it is done, and
what each peer is given: [README](README.md#speed).

## Goals

${goalTable(results)}

## Speed against workers

![Images per second against workers, for each case](${chart})

## All figures

*lockstep* computes on a micro-batch as large as a PyTorch process's share of the batch, except where it
says that it has the default one, a quarter of the batch and at most 128, whose bits are the same for
any number of workers ([ADR 6](../adr/0006-micro-batch-and-slots.md)).

${cells.map((cell) => cellTable(cell, results)).join('\n\n')}

## Measured on

${machineList(results)}

\`\`\`sh
npm run bench
\`\`\`
`;
}

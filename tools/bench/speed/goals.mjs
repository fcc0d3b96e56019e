/** What is promised, each a ratio of medians within one cell. */
import { cellName, lockstepName, peerName, WEAK_SCALING } from './cases.mjs';
import { median } from '../report.mjs';

/**
 * @typedef {import('./measureCell.mjs').CellResult} CellResult
 * @typedef {'torch' | 'tfjs-node' | 'tfjs-wasm'} Opponent
 *
 * @typedef {object} Goal
 * @property {string} engine
 * @property {string} cell
 * @property {Opponent} opponent
 * @property {number} atLeast
 */

/**
 * @param {string} caseName
 * @param {number} workers
 * @param {number} atLeast
 * @param {Opponent} [opponent]
 * @param {string} [engine]
 * @returns {Goal}
 */
const goal = (caseName, workers, atLeast, opponent = 'torch', engine = 'tensorflow') => ({
  engine,
  cell: cellName(caseName, workers),
  opponent,
  atLeast,
});

const goals = [
  goal('mlp-128', 1, 1.4),
  goal('mlp-512', 1, 1.15),
  goal('mlp-128', 2, 3),
  goal('mlp-512', 2, 2),
  goal('mlp-512', 4, 3),
  goal('conv-128', 1, 1.6),
  goal('conv-128', 2, 1.6),
  goal('large-128', 1, 1.2),
  goal('large-128', 2, 1.2),
  goal('mlp-128', 1, 3, 'tfjs-node'),
  goal('mlp-128', 1, 40, 'tfjs-wasm'),
  goal('mlp-512', 1, 1, 'torch', 'onnx'),
];
/** Of the images a second that as many lone workers would train. */
const WEAK_SCALING_GOAL = 0.95;

/**
 * @param {CellResult | undefined} cell
 * @param {string} name
 * @returns {number | undefined}
 */
function speedOf(cell, name) {
  const figures = cell?.rows.find((row) => row.name === name)?.examplesPerSec ?? [];
  return figures.length > 0 ? median(figures) : undefined;
}

/**
 * The opponent at its best, in that cell.
 * @param {CellResult | undefined} cell
 * @param {Opponent} opponent
 * @returns {{ name: string, speed: number } | undefined}
 */
export function bestOf(cell, opponent) {
  /** @type {Exclude<import('./cases.mjs').Kind, 'lockstep'>[]} */
  const kinds = opponent === 'torch' ? ['eager', 'compile', 'ddp', 'ddp-compile'] : [opponent];
  return kinds
    .flatMap((kind) => {
      const name = peerName(kind);
      const speed = speedOf(cell, name);
      return speed === undefined ? [] : [{ name, speed }];
    })
    .reduce(
      (best, next) => (best === undefined || next.speed > best.speed ? next : best),
      /** @type {{ name: string, speed: number } | undefined} */ (undefined),
    );
}

/** @param {CellResult | undefined} cell */
function weakScalingEfficiency(cell) {
  const rows = cell?.rows ?? [];
  const first = rows[0];
  const last = rows.at(-1);
  const alone = first && speedOf(cell, first.name);
  const together = last && speedOf(cell, last.name);
  if (alone === undefined || together === undefined || last === undefined) return undefined;
  return { workers: last.workers, share: together / (alone * last.workers) };
}

/**
 * Each goal, and what was measured where its cell has figures.
 * @param {Record<string, CellResult>} cells
 */
export function judgeGoals(cells) {
  const judged = goals.map(({ engine, cell: name, opponent, atLeast }) => {
    const cell = cells[name];
    const best = bestOf(cell, opponent);
    const speed = speedOf(cell, lockstepName(engine));
    const ratio = best && speed !== undefined ? speed / best.speed : undefined;
    const against =
      best?.name ?? (opponent === 'torch' ? 'PyTorch at its best' : peerName(opponent));
    return { engine, what: name, against, atLeast, ratio };
  });
  const weak = weakScalingEfficiency(cells[WEAK_SCALING]);
  const workers = weak ? `1 to ${weak.workers} workers` : '1 to all cores';
  return [
    ...judged,
    {
      engine: 'tensorflow',
      what: `${WEAK_SCALING}, ${workers}`,
      against: 'one worker, times their number',
      atLeast: WEAK_SCALING_GOAL,
      ratio: weak?.share,
    },
  ];
}

/**
 * Recommendations on ratings whose factors are known (`tastes`): recall@20 and NDCG@100 of the held-out
 * fifth of each test user's items, beside popularity, matrix factorisation and what knowing all factors
 * would give.
 *
 * Matrix factorisation needs a Python with numpy: LOCKSTEP_PYTHON, or python3; `--no-peer` leaves it out.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ndcgAtK, recallAtK, topItems } from '@lockstep/core/metrics';
import { madeAffinities, openMadeRatings, rowItems, splitItems } from '@lockstep/data/ratings';
import { openTrained } from '@lockstep/trainer';
import { lockstep, root } from './lockstep.mjs';
import { table } from './report.mjs';

const { values: options } = parseArgs({
  options: {
    epochs: { type: 'string', default: '20' },
    seed: { type: 'string', multiple: true, default: ['0', '1', '2'] },
    'no-peer': { type: 'boolean', default: false },
    /** Further options of factorize.py. */
    factorize: { type: 'string', default: '' },
    /** Further flags of `lockstep train`. */
    flags: { type: 'string', default: '' },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'lockstep-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

const train = openMadeRatings('train');
const test = openMadeRatings('test');
const trainRows = await train.ratings.read();
const { foldIn, heldOut } = splitItems(await test.ratings.read());
const items = test.format.items.length;
const words = (/** @type {string} */ text) => text.split(' ').filter((word) => word !== '');

/**
 * Means over the test users, of scores [items] for each.
 * @param {(user: number) => ArrayLike<number>} scoresOf
 */
function measure(scoresOf) {
  let [recall, ndcg] = [0, 0];
  for (let user = 0; user < test.count; user++) {
    const relevant = new Set(rowItems(heldOut, user));
    const ranked = topItems(scoresOf(user), 100, rowItems(foldIn, user));
    recall += recallAtK(ranked, relevant, 20) / test.count;
    ndcg += ndcgAtK(ranked, relevant, 100) / test.count;
  }
  return { recall, ndcg };
}

/** @param {Float32Array} scores [users, items] */
const rowsOf = (scores) => (/** @type {number} */ user) =>
  scores.subarray(user * items, (user + 1) * items);

function popularity() {
  const counts = new Float64Array(items);
  for (const item of trainRows.places) counts[item] = (counts[item] ?? 0) + 1;
  return measure(() => counts);
}

function allKnown() {
  const values = madeAffinities('test', 0, test.count);
  return measure((user) => values[user] ?? []);
}

/** @param {typeof foldIn} rows */
function pairs(rows) {
  const list = [];
  for (let user = 0; user + 1 < rows.offsets.length; user++) {
    for (const item of rowItems(rows, user)) list.push(user, item);
  }
  return Uint32Array.from(list);
}

function factorized() {
  writeFileSync(join(folder, 'train.bin'), pairs(trainRows));
  writeFileSync(join(folder, 'fold.bin'), pairs(foldIn));
  const script = join(root, 'tools/bench/peer/factorize.py');
  const python = process.env['LOCKSTEP_PYTHON'] ?? 'python3';
  const args = ['-B', script, folder, '--items', String(items), ...words(options.factorize)];
  execFileSync(python, args);
  const { buffer, byteOffset, length } = readFileSync(join(folder, 'scores.bin'));
  return measure(rowsOf(new Float32Array(buffer.slice(byteOffset, byteOffset + length))));
}

/** @param {string} seed */
async function multVae(seed) {
  const out = join(folder, `run-${seed}`);
  const args = ['--preset', 'recommend', '--data', 'tastes', '--epochs', options.epochs];
  const events = await lockstep([
    ...['train', ...args, '--seed', seed, '--out', out, ...words(options.flags)],
  ]);
  const shown = join(folder, 'shown.csv');
  const lines = test.users.flatMap((user, row) =>
    Array.from(rowItems(foldIn, row), (item) => `${user},${test.format.items[item] ?? ''}`),
  );
  writeFileSync(shown, lines.join('\n'));
  const workerEntry = new URL('../../apps/gpu-worker/dist/index.js', import.meta.url);
  const trained = await openTrained(out, { workerEntry });
  try {
    const { scores } = await trained.map('scores', await trained.open(`ratings:${shown}`));
    if (!scores) throw new Error('a model without scores');
    const { testLoss } = /** @type {{ testLoss: number }} */ (
      /** @type {unknown} */ (events.at(-1))
    );
    return { testLoss, ...measure(rowsOf(Float32Array.from(scores.data))) };
  } finally {
    await trained.close();
  }
}

const line = (
  /** @type {string} */ name,
  /** @type {{ recall: number, ndcg: number, testLoss?: number }} */ { recall, ndcg, testLoss },
) => [name, recall.toFixed(4), ndcg.toFixed(4), testLoss?.toFixed(2) ?? ''];

const rows = [line('popularity', popularity())];
if (!options['no-peer']) rows.push(line('matrix factorisation (ALS)', factorized()));
for (const seed of options.seed) rows.push(line(`recommend, seed ${seed}`, await multVae(seed)));
rows.push(line('all factors known', allKnown()));
console.log(table(['', 'recall@20', 'NDCG@100', 'test loss'], rows));

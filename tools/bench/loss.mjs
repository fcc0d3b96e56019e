/**
 * The loss, epoch by epoch, beside PyTorch's with the same network, data and settings. A seed draws
 * other numbers there, so each side gets several, and its range is shown.
 *
 * Needs a Python with torch and numpy: LOCKSTEP_PYTHON, or python3.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { lockstep, root } from './lockstep.mjs';
import { machine, table, writePage } from './report.mjs';

const { values: options } = parseArgs({
  options: {
    preset: { type: 'string', default: 'conv' },
    'batch-size': { type: 'string', default: '32' },
    'learning-rate': { type: 'string', default: '1e-4' },
    epochs: { type: 'string', default: '3' },
    seed: { type: 'string', multiple: true, default: ['0', '1', '2'] },
    page: { type: 'string' },
  },
});
const python = process.env['LOCKSTEP_PYTHON'] ?? 'python3';
const job = ['--preset', options.preset, '--batch-size', options['batch-size']];
job.push('--learning-rate', options['learning-rate'], '--epochs', options.epochs);

/** @typedef {{ trainLoss: number, testLoss: number }} Epoch */

/**
 * @param {string} seed
 * @returns {Promise<Epoch[]>}
 */
async function peer(seed) {
  const args = ['-B', join(root, 'tools/bench/peer/loss.py'), ...job, '--seed', seed];
  const { stdout } = await promisify(execFile)(python, args);
  return stdout
    .trim()
    .split('\n')
    .map((line) => /** @type {Epoch} */ (JSON.parse(line)));
}

/**
 * @param {string} seed
 * @returns {Promise<Epoch[]>}
 */
async function ours(seed) {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-'));
  try {
    const events = await lockstep(['train', ...job, '--seed', seed, '--out', join(folder, 'run')]);
    return /** @type {Epoch[]} */ (
      /** @type {unknown} */ (events.filter(({ event }) => event === 'epoch'))
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const started = machine();
/** @type {Epoch[][]} */
const mine = [];
/** @type {Epoch[][]} */
const theirs = [];
for (const seed of options.seed) {
  mine.push(await ours(seed));
  theirs.push(await peer(seed));
}

/**
 * @param {Epoch[][]} runs
 * @param {number} epoch
 * @param {keyof Epoch} key
 */
function range(runs, epoch, key) {
  const values = runs.map((run) => run[epoch]?.[key] ?? Number.NaN);
  return `${Math.min(...values).toFixed(1)} - ${Math.max(...values).toFixed(1)}`;
}

const rows = Array.from({ length: Number(options.epochs) }, (_, epoch) => [
  String(epoch + 1),
  range(mine, epoch, 'trainLoss'),
  range(theirs, epoch, 'trainLoss'),
  range(mine, epoch, 'testLoss'),
  range(theirs, epoch, 'testLoss'),
]);
const head = ['epoch', 'train: lockstep', 'train: PyTorch', 'test: lockstep', 'test: PyTorch'];
const result = table(head, rows);
console.log(result);
if (options.page) {
  writePage(
    options.page,
    `# Loss against PyTorch: the ${options.preset} preset

-ELBO in nats per example; batch ${options['batch-size']}, Adam ${options['learning-rate']}, the same
network, initialisation and data ([loss.py](../../tools/bench/peer/loss.py)); z sampled once per image.
Lowest and highest of seeds ${options.seed.join(', ')}.

${result}

${started}

\`\`\`sh
LOCKSTEP_PYTHON=/path/to/python npm run loss -w @lockstep/bench -- ${job.join(' ')} --page ${options.page}
\`\`\``,
  );
}

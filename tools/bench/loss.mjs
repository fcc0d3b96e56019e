/**
 * The loss, epoch by epoch, beside PyTorch's with the same network, data and settings. The seeds
 * draw other numbers there, so the curves agree in their course, not in their digits.
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
    epochs: { type: 'string', default: '5' },
    page: { type: 'string' },
  },
});
const python = process.env['LOCKSTEP_PYTHON'] ?? 'python3';
const job = ['--preset', options.preset, '--batch-size', options['batch-size']];
job.push('--learning-rate', options['learning-rate'], '--epochs', options.epochs);

/** @typedef {{ trainLoss: number, testLoss: number }} Epoch */

/** @returns {Promise<Epoch[]>} */
async function peer() {
  const args = ['-B', join(root, 'tools/bench/peer/loss.py'), ...job];
  const { stdout } = await promisify(execFile)(python, args);
  return stdout
    .trim()
    .split('\n')
    .map((line) => /** @type {Epoch} */ (JSON.parse(line)));
}

async function ours() {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-'));
  try {
    const events = await lockstep(['train', ...job, '--out', join(folder, 'run')]);
    return /** @type {Epoch[]} */ (
      /** @type {unknown} */ (events.filter(({ event }) => event === 'epoch'))
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const mine = await ours();
const theirs = await peer();
const rows = mine.map((epoch, i) => [
  String(i + 1),
  epoch.trainLoss.toFixed(2),
  theirs[i]?.trainLoss.toFixed(2) ?? '',
  epoch.testLoss.toFixed(2),
  theirs[i]?.testLoss.toFixed(2) ?? '',
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

${result}

${machine()}

\`\`\`sh
LOCKSTEP_PYTHON=/path/to/python npm run loss -w @lockstep/bench -- ${job.join(' ')} --page ${options.page}
\`\`\``,
  );
}

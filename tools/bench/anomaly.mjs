/**
 * Anomalies in a table: trained on normal rows alone, how well the negative ELBO tells the others, as the
 * area under the ROC curve, beside scikit-learn's isolation forest and one-class SVM on the same rows.
 *
 *   node anomaly.mjs nsl-kdd        rows of KDDTrain+_20Percent that are normal, all of KDDTest+
 *
 * Where the data is, LOCKSTEP_DATA says (default ../shared/data). scikit-learn needs a Python that has it:
 * LOCKSTEP_PYTHON, or python3; `--no-peer` leaves it out.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { rankedCounts, rocAuc } from '@lockstep/core/metrics';
import { openTrained } from '@lockstep/trainer';
import { lockstep, root } from './lockstep.mjs';
import { table } from './report.mjs';

const { values: options } = parseArgs({
  options: {
    epochs: { type: 'string', default: '20' },
    /** Draws of z for each row. */
    draws: { type: 'string', default: '8' },
    seed: { type: 'string', multiple: true, default: ['0', '1', '2'] },
    'no-peer': { type: 'boolean', default: false },
    /** Further flags of `lockstep train`. */
    flags: { type: 'string', default: '' },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'lockstep-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

const FEATURES = 41;
const data = process.env['LOCKSTEP_DATA'] ?? join(root, '../shared/data');
const header = [...Array.from({ length: FEATURES }, (_, i) => `f${String(i + 1)}`), 'label'];

/**
 * Features and label of each row, without the last field, how hard others found it.
 * @param {string} name
 */
function rowsOf(name) {
  const text = gunzipSync(readFileSync(join(data, 'nsl-kdd', name))).toString();
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) =>
    line
      .trim()
      .split(',')
      .slice(0, FEATURES + 1),
  );
}

/**
 * @param {string} name
 * @param {readonly (readonly string[])[]} rows
 */
function write(name, rows) {
  const path = join(folder, name);
  writeFileSync(path, [header, ...rows].map((row) => row.join(',')).join('\n'));
  return path;
}

const isNormal = (/** @type {readonly string[]} */ row) => row[FEATURES] === 'normal';
const test = rowsOf('KDDTest+.txt.gz');
const trainPath = write('train.csv', rowsOf('KDDTrain+_20Percent.txt.gz').filter(isNormal));
const testPath = write('test.csv', test);
const anomalous = test.map((row) => !isNormal(row));

/** @param {string} seed */
async function tabular(seed) {
  const out = join(folder, `run-${seed}`);
  const args = ['--preset', 'tabular', '--data', `table:${trainPath}`, '--read', 'unknown=ignore'];
  const flags = options.flags.split(' ').filter((word) => word !== '');
  const events = await lockstep([
    'train',
    ...args,
    '--epochs',
    options.epochs,
    '--seed',
    seed,
    '--out',
    out,
    ...flags,
  ]);
  const workerEntry = new URL('../../apps/gpu-worker/dist/index.js', import.meta.url);
  const trained = await openTrained(out, { workerEntry });
  try {
    const scores = new Float64Array(test.length);
    const draws = Number(options.draws);
    await trained.map('negativeElbo', await trained.open(`table:${testPath}`), {
      draws,
      onRows: ({ loss }, { first }) =>
        loss?.data.forEach((value, i) => {
          scores[first + i] = (scores[first + i] ?? 0) + value / draws;
        }),
    });
    const { testLoss } = /** @type {{ testLoss: number }} */ (
      /** @type {unknown} */ (events.at(-1))
    );
    return { testLoss, auc: rocAuc(rankedCounts(scores, anomalous)) };
  } finally {
    await trained.close();
  }
}

function scikit() {
  const python = process.env['LOCKSTEP_PYTHON'] ?? 'python3';
  const script = join(root, 'tools/bench/peer/anomaly.py');
  return ['--log', undefined].flatMap((log) => {
    const args = ['-B', script, trainPath, testPath, '--label', 'label', '--normal', 'normal'];
    const printed = execFileSync(python, [...args, ...(log ? [log] : [])], { encoding: 'utf8' });
    return printed
      .trim()
      .split('\n')
      .map((line) => /** @type {{ name: string, auc: number }} */ (JSON.parse(line)))
      .map(({ name, auc }) => [`${name}${log ? ', log-scaled' : ''}`, auc.toFixed(4), '']);
  });
}

const rows = options['no-peer'] ? [] : scikit();
for (const seed of options.seed) {
  const { auc, testLoss } = await tabular(seed);
  rows.push([`tabular, seed ${seed}`, auc.toFixed(4), testLoss.toFixed(2)]);
}
console.log(table(['', 'AUC', 'test loss, on normal rows'], rows));

/**
 * Anomalies among digits: each digit held out in turn, a VAE trained on the nine others, the area under
 * the ROC curve by which its test scores tell the digit from them, with the bootstrap's 95%.
 *
 *   node digits.mjs --epochs 10 --workers 2
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { lockstep } from './lockstep.mjs';
import { table } from './report.mjs';

const { values: options } = parseArgs({
  options: {
    preset: { type: 'string', default: 'mlp' },
    epochs: { type: 'string', default: '10' },
    workers: { type: 'string', default: 'auto' },
    seed: { type: 'string', default: '0' },
    /** Held out, one after another. */
    digits: { type: 'string', default: '0123456789' },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'lockstep-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

/** @typedef {{ auc: number, aucInterval: { low: number, high: number }, averagePrecision: number }} Measures */

const rows = [];
for (const digit of options.digits) {
  const others = [...'0123456789'].filter((other) => other !== digit).join(',');
  const run = join(folder, digit);
  const { preset, epochs, workers, seed } = options;
  const job = ['--preset', preset, '--epochs', epochs, '--workers', workers, '--seed', seed];
  await lockstep(['train', ...job, '--data', 'mnist', '--only-labels', others, '--out', run]);
  const shown = [digit];
  for (const score of ['elbo', 'iw']) {
    const event = (await lockstep(['anomaly', 'score', run, '--score', score])).at(-1);
    const measures = /** @type {Measures} */ (event?.['measures']);
    const { low, high } = measures.aucInterval;
    shown.push(`${measures.auc.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`);
    if (score === 'elbo') shown.push(measures.averagePrecision.toFixed(3));
  }
  rows.push(shown);
  console.error(shown.join('  '));
  rmSync(run, { recursive: true });
}
const head = ['digit held out', 'AUC, -ELBO', 'average precision', 'AUC, importance-weighted'];
console.log(table(head, rows));

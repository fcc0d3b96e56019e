/** The runs behind docs/models.md: ours, and PyTorch's of the same model. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { lockstep, root } from '../lockstep.mjs';
import { cacheFolder } from '../speed/cacheFolder.mjs';

/**
 * @typedef {import('./cases.mjs').Epoch} Epoch
 *
 * @typedef {object} OurRun
 * @property {Epoch[]} epochs
 * @property {Record<string, number>} evaluated
 */

/**
 * @param {string[]} args of `lockstep train`
 * @param {{ metrics?: string[], evaluateArgs?: string[] }} [options] also evaluated
 * @returns {Promise<OurRun>}
 */
export async function runOurs(args, { metrics = [], evaluateArgs = [] } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-'));
  const run = join(folder, 'run');
  try {
    const events = await lockstep(['train', ...args, '--out', run]);
    const epochs = /** @type {Epoch[]} */ (
      /** @type {unknown} */ (events.filter(({ event }) => event === 'epoch'))
    );
    /** @type {Record<string, number>} */
    let evaluated = {};
    if (metrics.length > 0) {
      const list = ['--metrics', metrics.join(','), ...evaluateArgs];
      const [result] = await lockstep(['evaluate', run, ...list]);
      const { metrics: found } =
        /** @type {{ metrics: Record<string, Record<string, number>> }} */ (
          /** @type {unknown} */ (result)
        );
      // A metric's first number is the metric itself.
      evaluated = Object.fromEntries(
        Object.entries(found).map(([name, values]) => [name, Object.values(values)[0] ?? NaN]),
      );
    }
    return { epochs, evaluated };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * PyTorch's run of a model of peer/models.
 * @param {string} python
 * @param {{ model: string, epochs: number, seed: string, threads: number }} options
 * @returns {Promise<Epoch[]>}
 */
export async function runReference(python, { model, epochs, seed, threads }) {
  const args = ['-B', join(root, 'tools/bench/peer/models/run.py'), '--model', model];
  args.push('--epochs', String(epochs), '--seed', seed, '--threads', String(threads));
  const { stdout } = await promisify(execFile)(python, args);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/**
 * What `--data` is given: the bundled MNIST, or its two parts in one file, to train on all.
 * @param {'mnist' | 'mnist-70000'} name
 */
export function dataArgs(name) {
  if (name === 'mnist') return ['--data', 'mnist'];
  const [train = '', test = ''] = ['train', 't10k'].map((part) =>
    join(root, `packages/data/mnist/${part}-images-idx3-ubyte.gz`),
  );
  const path = join(cacheFolder('data'), 'mnist-70000-idx3-ubyte');
  if (!existsSync(path)) {
    const parts = [train, test].map((file) => gunzipSync(readFileSync(file)));
    const header = Buffer.from(parts[0]?.subarray(0, 16) ?? []);
    header.writeUInt32BE(70_000, 4);
    writeFileSync(`${path}.part`, Buffer.concat([header, ...parts.map((p) => p.subarray(16))]));
    renameSync(`${path}.part`, path);
  }
  return ['--data', path, '--test-data', test];
}

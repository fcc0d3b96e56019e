/**
 * Starts a contender: either `lockstep train`, run anew as a user does each time it is asked, or a peer
 * that stays. Both then run so many steps and say how many images a second they trained.
 */
import { join } from 'node:path';
import { root, train } from '../lockstep.mjs';
import { prepareData } from './data.mjs';
import { startPeer } from './peerProcess.mjs';

/**
 * @typedef {import('./cases.mjs').Cell} Cell
 * @typedef {import('./cases.mjs').Contender} Contender
 * @typedef {import('./peerProcess.mjs').Peer} Peer
 * @typedef {import('./python.mjs').Python} Python
 */

const folder = join(root, 'tools/bench');
/** Compiling takes minutes on a slow machine. */
const TIMEOUT_MS = 240_000;

/** Of a network that is no preset. */
const LARGE_CONV = [join(folder, 'models/largeConv.json')];

/** @param {Cell} cell */
function jobArgs({ network, data: name }) {
  const model = network === 'largeConv' ? LARGE_CONV : ['--preset', network];
  if (name === 'bundled') return [...model, '--data', 'mnist'];
  const data = prepareData(name);
  return [...model, '--data', data.train, '--test-data', data.test, '--learning-rate', '1e-4'];
}

/** One thread for each worker, for every library. */
const oneThread = {
  OMP_NUM_THREADS: '1',
  OPENBLAS_NUM_THREADS: '1',
  TF_NUM_INTRAOP_THREADS: '1',
  TF_NUM_INTEROP_THREADS: '1',
  TF_CPP_MIN_LOG_LEVEL: '2',
};

/**
 * @param {Cell} cell
 * @param {Contender} contender
 * @param {Python} python
 * @returns {Promise<Peer>}
 */
export async function startContender(cell, contender, python) {
  return contender.kind === 'lockstep'
    ? lockstepContender(cell, contender)
    : startPeer(...peerCommand(cell, contender, python), { env: oneThread, timeoutMs: TIMEOUT_MS });
}

/**
 * @param {Cell} cell
 * @param {Contender} contender
 * @returns {Peer}
 */
function lockstepContender(cell, contender) {
  const { engine = '', workers, batchSize, microBatch } = contender;
  const args = jobArgs(cell);
  args.push('--engine', engine, '--workers', String(workers), '--batch-size', String(batchSize));
  if (microBatch !== undefined) args.push('--micro-batch', String(microBatch));
  /** @type {import('./peerProcess.mjs').Ready} */
  const ready = {};
  return {
    ready,
    async run(steps) {
      // The first step, and what comes before and after training, are not in this figure.
      const { examplesPerSec, config } = await train([...args, '--steps', String(steps + 1)]);
      if (config.xla !== undefined) ready.note = config.xla ? 'XLA' : 'without XLA';
      return examplesPerSec;
    },
    close() {},
  };
}

/**
 * @param {Cell} cell
 * @param {Contender} contender
 * @param {Python} python
 * @returns {[command: string, args: string[]]}
 */
function peerCommand({ network, data: name }, { kind, workers, batchSize }, python) {
  if (name === 'bundled') {
    if (python.path === undefined) throw new Error(`no Python with PyTorch: ${python.reason}`);
    const run = join(folder, 'peer/models/run.py');
    const args = ['--model', network, '--batch-size', String(batchSize), '--speed'];
    return [python.path, ['-B', run, ...args]];
  }
  const data = prepareData(name);
  const job = ['--network', network, '--data', data.train, '--batch-size', String(batchSize)];
  if (kind === 'tfjs-node' || kind === 'tfjs-wasm') {
    const backend = ['--backend', kind === 'tfjs-node' ? 'tensorflow' : 'wasm'];
    return [process.execPath, [join(folder, 'peer/tfjs.mjs'), ...job, ...backend]];
  }
  const args = ['-B', join(folder, 'peer/speed.py'), ...job, '--processes', String(workers)];
  if (python.path === undefined) throw new Error(`no Python with PyTorch: ${python.reason}`);
  return [python.path, kind.endsWith('compile') ? [...args, '--compile'] : args];
}

/**
 * Trains the same small jobs under Node 20, 22 and 24 and compares the weights, bit for bit. Exits
 * with 1 where a run fails or a hash differs.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockstep } from '@lockstep/bench/lockstep';
import { nodeBinary } from './nodeBinary.mjs';

const versions = ['20.20.2', '22.23.3', '24.21.0'];

const mlp = ['--preset', 'mlp', '--steps', '20', '--batch-size', '96', '--workers', '2'];

/** Between them: both presets, both channels, streamed data, pictures and an evaluation. */
const jobs = {
  mlp,
  'mlp, streamed': ['--memory-limit', '2M', ...mlp],
  'mlp, messages': ['--channel', 'message', ...mlp],
  conv: ['--preset', 'conv', '--steps', '4', '--batch-size', '32', '--workers', '2'],
};

/**
 * @param {string} node
 * @param {string[]} job
 * @returns {Promise<string>} the weights' hash, or what went wrong
 */
async function hashOf(node, job) {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-'));
  try {
    const events = await lockstep(['train', ...job, '--out', join(folder, 'run')], { node });
    const done = events.at(-1);
    return done?.event === 'done' ? String(done['weightsSha256']) : 'no closing event';
  } catch (error) {
    return String(error);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

let failed = 0;
for (const [name, job] of Object.entries(jobs)) {
  const hashes = new Set();
  for (const version of versions) {
    const hash = await hashOf(nodeBinary(version), job);
    hashes.add(hash);
    if (!/^[0-9a-f]{64}$/.test(hash)) failed += 1;
    console.log(`Node ${version.padEnd(8)}  ${name.padEnd(14)} ${hash}`);
  }
  if (hashes.size !== 1) {
    failed += 1;
    console.log(`${name}: the weights differ between versions of Node`);
  }
}
if (failed === 0) console.log('The same weights on every version of Node.');
process.exitCode = failed === 0 ? 0 : 1;

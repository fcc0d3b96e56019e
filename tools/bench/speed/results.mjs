/**
 * What was measured, as the JSON file beside the page. A run replaces the cells that it measures, whole,
 * and keeps the rest, if they come from this machine.
 */
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';

/**
 * @typedef {object} Results
 * @property {{ cpu: string, cores: number, memoryGib: number, system: string }} machine
 * @property {Record<string, string>} versions
 * @property {Record<string, number>} sgemm GFLOP/s of one thread, by library
 * @property {Record<string, number>} flopsPerImage by network
 * @property {Record<string, import('./measureCell.mjs').CellResult>} cells
 */

const machine = {
  cpu: cpus()[0]?.model ?? 'unknown CPU',
  cores: availableParallelism(),
  memoryGib: Math.round(totalmem() / 2 ** 30),
  system: `${process.platform} ${release()}`,
};

/**
 * @param {string} path
 * @returns {Results}
 */
export function openResults(path) {
  const empty = { machine, versions: {}, sgemm: {}, flopsPerImage: {}, cells: {} };
  if (!existsSync(path)) return empty;
  /** @type {Results} */
  const earlier = JSON.parse(readFileSync(path, 'utf8'));
  const { cpu, cores } = earlier.machine;
  return cpu === machine.cpu && cores === machine.cores ? { ...earlier, machine } : empty;
}

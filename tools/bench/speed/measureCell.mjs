/**
 * Measures one cell: every contender is started and warmed up, then they take turns, so many times. A
 * contender that fails leaves its reason, and the others go on.
 */
import { homedir } from 'node:os';
import { startContender } from './contender.mjs';

/**
 * @typedef {object} Row
 * @property {string} name
 * @property {import('./cases.mjs').Kind} kind
 * @property {number} workers
 * @property {number} batchSize
 * @property {string} [engine] lockstep's
 * @property {number[]} examplesPerSec one figure a run
 * @property {number} [steps] in each of them
 * @property {string} [note] what it chose
 * @property {string} [failed] why it has no figures
 *
 * @typedef {object} CellResult
 * @property {string} caseName
 * @property {string} title
 * @property {string} date
 * @property {number} load when it began
 * @property {number} runs
 * @property {import('./cases.mjs').Network} network
 * @property {Row[]} rows
 *
 * @typedef {object} Pace
 * @property {number} runs
 * @property {number} seconds that a run should take
 * @property {number} [steps] in a run, instead
 */

/**
 * @param {import('./cases.mjs').Cell} cell
 * @param {import('./python.mjs').Python} python
 * @param {Pace} pace
 * @param {(text: string) => void} say
 * @returns {Promise<{ rows: Row[], flopsPerImage?: number }>}
 */
export async function measureCell(cell, python, pace, say) {
  /** @type {{ row: Row, peer?: import('./peerProcess.mjs').Peer }[]} */
  const contenders = cell.contenders.map(({ name, kind, workers, batchSize, engine }) => ({
    row: { name, kind, workers, batchSize, ...(engine && { engine }), examplesPerSec: [] },
  }));
  /** @type {number | undefined} */
  let flopsPerImage;

  /**
   * @param {(typeof contenders)[number]} contender
   * @param {() => Promise<void>} act
   */
  async function attempt(contender, act) {
    if (contender.row.failed !== undefined) return;
    try {
      await act();
    } catch (error) {
      contender.row.failed = firstLine(error);
      contender.row.examplesPerSec = [];
      contender.peer?.close();
      say(`${contender.row.name} FAILED: ${contender.row.failed}`);
    }
  }

  try {
    for (const [index, contender] of contenders.entries()) {
      const { row } = contender;
      await attempt(contender, async () => {
        const described = cell.contenders[index];
        if (described === undefined) return;
        const peer = await startContender(cell, described, python);
        contender.peer = peer;
        row.steps = await warmUp(peer, row.batchSize, pace);
        const { note } = peer.ready;
        if (note !== undefined) row.note = note;
        flopsPerImage ??= peer.ready.flopsPerImage;
        say(`${row.name}: ready, ${row.steps} steps a run`);
      });
    }
    for (let run = 1; run <= pace.runs; run += 1) {
      for (const contender of contenders) {
        const { row } = contender;
        await attempt(contender, async () => {
          const speed = await contender.peer?.run(row.steps ?? 1);
          if (speed === undefined || !(speed > 0)) throw new Error(`trained ${speed} images/s`);
          row.examplesPerSec.push(speed);
          say(`run ${run} of ${pace.runs}: ${row.name} ${Math.round(speed)} images/s`);
        });
      }
    }
  } finally {
    for (const { peer } of contenders) peer?.close();
  }
  return { rows: contenders.map(({ row }) => row), ...(flopsPerImage && { flopsPerImage }) };
}

/**
 * How many steps fill the time. More and more are tried: of too few there is no speed.
 * @param {import('./peerProcess.mjs').Peer} peer
 * @param {number} batchSize
 * @param {Pace} pace
 */
async function warmUp(peer, batchSize, { seconds, steps }) {
  for (let tried = 3; ; tried *= 7) {
    const speed = await peer.run(tried);
    if (steps !== undefined) return steps;
    if (speed === undefined) continue;
    const slow = (20 * batchSize) / speed > 2 * seconds;
    if (tried >= 20 || slow) return Math.max(1, Math.ceil((seconds * speed) / batchSize));
  }
}

/**
 * What it said itself, where it did.
 * @param {unknown} error
 */
function firstLine(error) {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  const text = typeof cause === 'string' ? cause : message;
  return text.trim().split('\n')[0]?.replaceAll(homedir(), '~').slice(0, 400) ?? '';
}

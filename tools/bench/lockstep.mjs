/** Runs the `lockstep` command as a user does, and reads what `--json` prints. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChild } from './children.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const command = join(root, 'apps/coordinator/bin/lockstep.js');

/**
 * @typedef {{ event: string, [key: string]: unknown }} Event
 *
 * @typedef {object} Done
 * @property {number} [examplesPerSec] absent of a run of a few steps
 * @property {string} weightsSha256
 * @property {number} testLoss
 * @property {{ xla?: boolean }} config
 */

/**
 * @typedef {object} RunOptions
 * @property {string} [node] the Node binary; this one by default
 * @property {(event: Event) => void} [onEvent]
 * @property {(pid: number) => void} [onStart]
 */

/**
 * `lockstep ...args --json`; resolves to its events, rejects with what it printed if it fails.
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<Event[]>}
 */
export function lockstep(args, { node = process.execPath, onEvent, onStart } = {}) {
  return new Promise((resolve, reject) => {
    const child = startChild(node, [command, ...args, '--json'], { cwd: root });
    if (child.pid !== undefined) onStart?.(child.pid);
    /** @type {Event[]} */
    const events = [];
    let errors = '';
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const event = /** @type {Event} */ (JSON.parse(line));
        events.push(event);
        onEvent?.(event);
      }
    });
    child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => (errors += text));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(events);
      else {
        const said = events.findLast(({ event }) => event === 'error')?.['message'] ?? errors;
        const message = `lockstep ${args.join(' ')} exited with ${String(code)}: ${String(said)}`;
        reject(new Error(message, { cause: said }));
      }
    });
  });
}

/**
 * Trains into a folder that is removed afterwards; resolves to the closing event and the configuration
 * as it was resolved.
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<Event & Done>}
 */
export async function train(args, options) {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  // Ctrl-C ends this process before it comes to `finally`.
  process.once('exit', remove);
  try {
    const events = await lockstep(['train', ...args, '--out', join(folder, 'run')], options);
    const done = events.at(-1);
    if (done?.event !== 'done') throw new Error(`no closing event from ${args.join(' ')}`);
    const config = JSON.parse(readFileSync(join(folder, 'run/config.json'), 'utf8'));
    return /** @type {Awaited<ReturnType<typeof train>>} */ ({ ...done, config });
  } finally {
    process.off('exit', remove);
    remove();
  }
}

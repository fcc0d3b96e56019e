/**
 * A peer that is started once and then asked to run so many steps, again and again: a line of JSON to
 * its standard input, a line of JSON back. Between, it sleeps.
 */
import { createInterface } from 'node:readline';
import { endChild, startChild } from '../children.mjs';

/**
 * @typedef {object} Ready
 * @property {string} [note] what it chose
 * @property {number} [flopsPerImage]
 *
 * @typedef {object} Peer
 * @property {Ready} ready
 * @property {(steps: number) => Promise<number | undefined>} run images a second, unless the steps took too short to tell
 * @property {() => void} close
 */

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, timeoutMs: number }} options timeoutMs: how long an answer may take
 * @returns {Promise<Peer>} rejects with the error that it printed, if it ends before it is ready
 */
export async function startPeer(command, args, { env, timeoutMs }) {
  const child = startChild(command, args, { env: { ...process.env, ...env } });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => (errors += text));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  /** @type {Promise<Error>} */
  const ended = new Promise((resolve) => {
    child.once('error', resolve);
    child.once('close', (code) => {
      resolve(new Error(lastError(errors) ?? `exited with ${String(code)}`));
    });
  });

  async function answer() {
    /** @type {NodeJS.Timeout | undefined} */
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => {
        endChild(child);
        reject(new Error(`no answer within ${timeoutMs / 1000} s`));
      }, timeoutMs);
    });
    try {
      for (;;) {
        const line = /** @type {IteratorResult<string>} */ (
          await Promise.race([lines.next(), late])
        );
        if (line.done) throw await ended;
        // Libraries print what they like; only an object is meant for us.
        if (line.value.startsWith('{')) return JSON.parse(line.value);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** @param {number} steps */
  async function run(steps) {
    child.stdin.write(`${JSON.stringify({ steps })}\n`);
    return /** @type {{ examplesPerSec: number }} */ (await answer()).examplesPerSec;
  }

  /** @type {Ready} */
  const ready = await answer();
  // It compiles and allocates in its first step.
  await run(1);
  return { ready, run, close: () => endChild(child) };
}

/**
 * `ModuleNotFoundError: ...` of Python, `Error: ...` of Node, or else the last line.
 * @param {string} text
 */
function lastError(text) {
  const lines = text.trim().split('\n');
  return lines.findLast((line) => /^[\w.]*Error\b.*: /.test(line)) ?? lines.at(-1);
}

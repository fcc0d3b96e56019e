/**
 * Child processes that never outlive this one: each leads a process group of its own, which Ctrl-C, an
 * error or the end of this process takes down whole.
 */
import { spawn } from 'node:child_process';

/** @type {Set<number>} */
const groups = new Set();

/** @param {number} pid */
function endGroup(pid) {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

function endAll() {
  for (const pid of groups) endGroup(pid);
}

process.once('exit', endAll);
for (const [signal, code] of /** @type {const} */ ([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])) {
  process.once(signal, () => process.exit(code));
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 */
export function startChild(command, args, options) {
  const child = spawn(command, args, { ...options, stdio: 'pipe', detached: true });
  const { pid } = child;
  if (pid !== undefined) {
    groups.add(pid);
    // What it has started ends with it.
    child.once('exit', () => {
      endGroup(pid);
      groups.delete(pid);
    });
  }
  // A child that dies while it is written to says so by its exit.
  child.stdin.on('error', () => {});
  return child;
}

/** @param {import('node:child_process').ChildProcess} child */
export function endChild(child) {
  if (child.pid !== undefined) endGroup(child.pid);
}

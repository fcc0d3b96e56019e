/**
 * `npm run check`: every gate, one line each; what a gate printed is shown where it fails. Goes on
 * after a failure, so that one run shows all there is to mend.
 *
 *   npm run check -- --skip test
 */
import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const gates = {
  'format:check': 'every file is formatted (npm run format mends it)',
  build: 'everything builds',
  lint: 'lint, with types and module boundaries',
  typecheck: 'types, tests and tools included',
  unused: 'no unused file, export or dependency',
  test: 'all tests pass',
};

const { values: options } = parseArgs({
  options: { skip: { type: 'string', multiple: true, default: [] } },
});
const root = fileURLToPath(new URL('../..', import.meta.url));
let failed = 0;
for (const [script, meaning] of Object.entries(gates)) {
  if (options.skip.includes(script)) continue;
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', script], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  const seconds = `${((performance.now() - started) / 1000).toFixed(1)} s`;
  if (status === 0) {
    console.log(`ok      ${script.padEnd(13)} ${seconds.padStart(7)}  ${meaning}`);
  } else {
    failed += 1;
    console.log(`${stdout}${stderr}`);
    console.log(`FAILED  ${script.padEnd(13)} ${seconds.padStart(7)}  ${meaning}`);
  }
}
process.exitCode = failed === 0 ? 0 : 1;

/**
 * What a run costs beside its steps: seconds from the command to the first finished step, and the
 * peak memory of a whole four-worker run (Linux: read from /proc).
 */
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { train } from './lockstep.mjs';
import { machine, median, table, writePage } from './report.mjs';

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    page: { type: 'string' },
  },
});

/** @param {number} pid */
function peakMemory(pid) {
  const match = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return match ? Number(match[1]) / 1024 : 0;
}

/** @param {string[]} args */
async function measure(args) {
  const started = performance.now();
  let firstStep = Number.NaN;
  let peak = 0;
  let pid = 0;
  const poll = setInterval(() => {
    try {
      peak = Math.max(peak, peakMemory(pid));
    } catch {
      // Between start and exec, and after exit, there is nothing to read.
    }
  }, 20);
  try {
    await train(args, {
      onStart: (id) => (pid = id),
      onEvent: ({ event }) => {
        if (event === 'step' && Number.isNaN(firstStep)) firstStep = performance.now() - started;
      },
    });
  } finally {
    clearInterval(poll);
  }
  return { firstStep: firstStep / 1000, peak };
}

const started = machine();
const rows = [];
for (const [preset, workers, batchSize] of [
  ['mlp', '1', '128'],
  ['mlp', '4', '512'],
  ['conv', '4', '128'],
]) {
  const firstSteps = [];
  const peaks = [];
  for (let run = 0; run < Number(options.runs); run += 1) {
    const args = ['--preset', String(preset), '--workers', String(workers)];
    args.push('--batch-size', String(batchSize), '--steps', '200');
    const { firstStep, peak } = await measure(args);
    firstSteps.push(firstStep);
    peaks.push(peak);
  }
  rows.push([
    String(preset),
    String(workers),
    String(batchSize),
    `${median(firstSteps).toFixed(2)} s`,
    `${Math.max(...firstSteps).toFixed(2)} s`,
    `${Math.round(Math.max(...peaks))} MiB`,
  ]);
}
const head = [
  'preset',
  'workers',
  'batch',
  'first step (median)',
  'first step (worst)',
  'peak memory',
];
const result = table(head, rows);
console.log(result);
if (options.page) {
  writePage(
    options.page,
    `# Start-up and memory

From the command to the first finished step of training on MNIST, and the peak resident memory of the
whole run (200 steps, the test set, pictures and checkpoint included); ${options.runs} runs each.

${result}

${started}

\`\`\`sh
npm run footprint -w @lockstep/bench -- --runs ${options.runs} --page ${options.page}
\`\`\``,
  );
}

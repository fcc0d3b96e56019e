/**
 * `npm run bench`: training speed, side by side with PyTorch. Peer and lockstep take turns, so that
 * what else the machine does meets both; each figure is a median.
 *
 * Needs a Python with torch and numpy: LOCKSTEP_PYTHON, or python3.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root, train } from './lockstep.mjs';
import { count, machine, median, spread, table, writePage } from './report.mjs';

const { values: options } = parseArgs({
  options: {
    preset: { type: 'string', default: 'mlp' },
    runs: { type: 'string', default: '5' },
    steps: { type: 'string', default: '1000' },
    case: { type: 'string', multiple: true, default: ['1x128', '2x128', '2x512', '4x512'] },
    page: { type: 'string' },
  },
});
const python = process.env['LOCKSTEP_PYTHON'] ?? 'python3';
/** What we promise, by case of the `mlp` preset. */
const goals = /** @type {Record<string, number>} */ ({
  '1x128': 1,
  '2x128': 2,
  '2x512': 1.25,
  '4x512': 2,
});

/**
 * @param {number} processes
 * @param {number} batchSize
 * @returns {{ imagesPerSec: number, torch: string }}
 */
function peer(processes, batchSize) {
  const args = ['--preset', options.preset, '--steps', options.steps];
  args.push('--processes', String(processes), '--batch-size', String(batchSize));
  const script = join(root, 'tools/bench/peer/speed.py');
  const output = execFileSync(python, ['-B', script, ...args], { encoding: 'utf8' });
  return JSON.parse(output);
}

/**
 * @param {number} workers
 * @param {number} batchSize
 * @param {number} [microBatch] the default where absent
 */
async function ours(workers, batchSize, microBatch) {
  const args = ['--preset', options.preset, '--steps', options.steps];
  args.push('--workers', String(workers), '--batch-size', String(batchSize));
  if (microBatch !== undefined) args.push('--micro-batch', String(microBatch));
  return (await train(args)).imagesPerSec;
}

const started = machine();
let torch = '';
const rows = [];
for (const name of options.case) {
  const [workers = 0, batchSize = 0] = name.split('x').map(Number);
  const peers = [];
  const mine = [];
  const byDefault = [];
  for (let run = 0; run < Number(options.runs); run += 1) {
    const figure = peer(workers, batchSize);
    torch = figure.torch;
    peers.push(figure.imagesPerSec);
    mine.push(await ours(workers, batchSize, batchSize / workers));
    byDefault.push(await ours(workers, batchSize));
    console.error(
      `${name} run ${run + 1}: PyTorch ${count(peers[run] ?? 0)}, lockstep ${count(mine[run] ?? 0)}, default ${count(byDefault[run] ?? 0)}`,
    );
  }
  const ratio = median(mine) / median(peers);
  const goal = options.preset === 'mlp' ? goals[name] : undefined;
  rows.push([
    String(workers),
    String(batchSize),
    count(median(peers)),
    spread(peers),
    count(median(mine)),
    spread(mine),
    `**${ratio.toFixed(2)}x**`,
    `${(median(byDefault) / median(peers)).toFixed(2)}x`,
    goal === undefined ? '' : `${goal}x`,
  ]);
}

const head = [
  'workers',
  'global batch',
  'PyTorch',
  'spread',
  'lockstep',
  'spread',
  'ratio',
  'default',
  'goal',
];
const flags = `--preset ${options.preset} --runs ${options.runs} --steps ${options.steps}`;
const result = table(head, rows);
console.log(result);
if (options.page) {
  writePage(
    options.page,
    `# Training speed against PyTorch: the ${options.preset} preset

Images per second, steady state; medians of ${options.runs} runs, the two taking turns.

${result}

PyTorch ${torch}: eager, fused Adam, denormals flushed, one thread a process, the data in memory as
uint8, gathering and scaling included; from two workers on DistributedDataParallel over gloo with
gradients as bucket views ([speed.py](../../tools/bench/peer/speed.py)). Lockstep: \`lockstep train\` as
a user runs it, one thread a worker, with a micro-batch as large as a PyTorch process's share of the
batch; in the column *default* with the default micro-batch, which leaves work for more workers
([ADR 6](../adr/0006-micro-batch-and-slots.md)).

${started}

\`\`\`sh
LOCKSTEP_PYTHON=/path/to/python npm run bench -- ${flags} --page ${options.page}
\`\`\``,
  );
}

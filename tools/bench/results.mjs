/**
 * What a run yields: the `mlp` preset's test loss over seeds and worker counts, and one weightsSha256
 * for all worker counts and both channels. Exits with 1 where bits differ.
 */
import { parseArgs } from 'node:util';
import { train } from './lockstep.mjs';
import { machine, table, writePage } from './report.mjs';

const { values: options } = parseArgs({
  options: {
    epochs: { type: 'string', default: '10' },
    seed: { type: 'string', multiple: true, default: ['0', '1', '2'] },
    page: { type: 'string' },
  },
});
const started = machine();
let differences = 0;

/**
 * @param {string[]} args
 * @param {string[]} workers
 * @param {string[]} channels
 */
async function runAll(args, workers, channels) {
  const runs = [];
  for (const channel of channels) {
    for (const count of workers) {
      const done = await train([...args, '--workers', count, '--channel', channel]);
      console.error(
        `${args.join(' ')}, ${count} workers, ${channel}: ${done.testLoss} ${done.weightsSha256}`,
      );
      runs.push(done);
    }
  }
  const hashes = [...new Set(runs.map((run) => run.weightsSha256))];
  if (hashes.length !== 1) differences += 1;
  return { hashes: hashes.map((hash) => `\`${hash.slice(0, 16)}\``).join(', '), runs };
}

const losses = [];
for (const seed of options.seed) {
  const args = [
    '--preset',
    'mlp',
    '--batch-size',
    '128',
    '--epochs',
    options.epochs,
    '--seed',
    seed,
  ];
  const { hashes, runs } = await runAll(args, ['1', '2', '4'], ['shared']);
  losses.push([seed, ...runs.map((run) => run.testLoss.toFixed(2)), hashes]);
}

const identities = [];
for (const [what, ...args] of [
  ['mlp, batch 100, one epoch', '--preset', 'mlp', '--batch-size', '100', '--epochs', '1'],
  [
    'mlp, batch 4096 (uneven), one epoch',
    '--preset',
    'mlp',
    '--batch-size',
    '4096',
    '--epochs',
    '1',
  ],
  ['conv, batch 100, 60 steps', '--preset', 'conv', '--batch-size', '100', '--steps', '60'],
]) {
  const { hashes, runs } = await runAll(args, ['1', '2', '3', '4'], ['shared', 'message']);
  identities.push([String(what), String(runs.length), hashes]);
}

const lossTable = table(['seed', '1 worker', '2 workers', '4 workers', 'weightsSha256'], losses);
const identityTable = table(['what', 'runs', 'weightsSha256'], identities);
console.log(`${lossTable}\n\n${identityTable}`);
if (options.page) {
  writePage(
    options.page,
    `# Loss and bit identity

Test loss (-ELBO in nats per example, z sampled once per test image) of the mlp preset after
${options.epochs} epochs at batch 128. PyTorch with the same network reaches 105.2 to 105.8
([loss.py](../../tools/bench/peer/loss.py)).

${lossTable}

One hash (its first 16 digits) for 1, 2, 3 and 4 workers, over shared memory and over messages:

${identityTable}

${started}

\`\`\`sh
npm run results -w @lockstep/bench -- --page ${options.page}
\`\`\``,
  );
}
if (differences > 0) {
  console.error(`${differences} of the comparisons gave more than one hash`);
  process.exitCode = 1;
}

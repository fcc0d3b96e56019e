/**
 * docs/models.md: what each preset reaches, beside published figures, and beside PyTorch with the same
 * settings. What was measured is kept in docs/models.json; a run replaces what it measures.
 *
 *   npm run numbers -w @lockstep/bench -- --case mlp,keras-conv
 *   LOCKSTEP_PYTHON=python npm run numbers -w @lockstep/bench -- --preset beta,iwae --epochs 5
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { presets } from '@lockstep/core';
import { format } from 'prettier';
import { root } from './lockstep.mjs';
import { NUMBER_CASES } from './numbers/cases.mjs';
import { renderNumbers } from './numbers/page.mjs';
import { dataArgs, runOurs, runReference } from './numbers/runs.mjs';

const { values: options } = parseArgs({
  options: {
    case: { type: 'string', multiple: true, default: [] },
    preset: { type: 'string', multiple: true, default: [] },
    epochs: { type: 'string' },
    seed: { type: 'string', multiple: true, default: ['0', '1', '2'] },
    threads: { type: 'string', default: '1' },
  },
});
const split = (/** @type {string[]} */ list) => list.flatMap((text) => text.split(','));
const path = join(root, 'docs/models.json');

/** @type {import('./numbers/page.mjs').Numbers} */
const numbers = existsSync(path)
  ? JSON.parse(readFileSync(path, 'utf8'))
  : { cases: {}, presets: {} };

async function write() {
  const json = await format(JSON.stringify(numbers), { parser: 'json', printWidth: 100 });
  writeFileSync(path, json);
  const page = await format(renderNumbers(numbers), { parser: 'markdown' });
  writeFileSync(join(root, 'docs/models.md'), page);
}

const python = process.env['LOCKSTEP_PYTHON'] ?? 'python3';
const threads = Number(options.threads);

/**
 * Adds a run's figures; those of a later epoch than its last are left out.
 * @param {Record<string, number[]>} into
 * @param {import('./numbers/cases.mjs').Figure[]} figures
 * @param {import('./numbers/cases.mjs').Epoch[]} epochs
 */
function collect(into, figures, epochs) {
  for (const { name, of, epoch } of figures) {
    const at = epoch === undefined ? epochs.at(-1) : epochs.find((one) => one.epoch === epoch);
    if (at) (into[name] ??= []).push(of(at));
  }
}

for (const name of split(options.case)) {
  const found = NUMBER_CASES.find((one) => one.name === name);
  if (found === undefined) {
    console.error(
      `--case: expected ${NUMBER_CASES.map((one) => one.name).join(', ')}, got ${name}`,
    );
    process.exit(2);
  }
  const { args, seeds, data, figures, evaluated = [], evaluateArgs = [], peer } = found;
  /** @type {Record<string, number[]>} */
  const reached = {};
  /** @type {Record<string, number[]>} */
  const pytorch = {};
  for (const seed of seeds) {
    const run = await runOurs([...args, ...dataArgs(data), '--seed', seed], {
      metrics: evaluated.map(({ metric }) => metric),
      evaluateArgs,
    });
    collect(reached, figures, run.epochs);
    for (const { name: figure, metric } of evaluated) {
      (reached[figure] ??= []).push(run.evaluated[metric] ?? Number.NaN);
    }
    console.error(`${name}, seed ${seed}: ${JSON.stringify(reached)}`);
  }
  for (const seed of peer?.seeds ?? []) {
    const { model = '', epochs = 0 } = peer ?? {};
    collect(pytorch, figures, await runReference(python, { model, epochs, seed, threads }));
    console.error(`${name}, PyTorch, seed ${seed}: ${JSON.stringify(pytorch)}`);
  }
  numbers.cases[name] = {
    date: new Date().toISOString().slice(0, 10),
    reached,
    ...(peer && { pytorch }),
  };
  await write();
}

for (const name of split(options.preset)) {
  const preset = Object.values(presets).find((one) => one.name === name);
  if (preset === undefined) {
    console.error(`--preset: expected ${Object.keys(presets).join(', ')}, got ${name}`);
    process.exit(2);
  }
  const epochs = options.epochs === undefined ? preset.defaults.epochs : Number(options.epochs);
  /** @type {import('./numbers/page.mjs').Comparison} */
  const comparison = {
    date: new Date().toISOString().slice(0, 10),
    epochs,
    seeds: split(options.seed),
    ours: [],
    theirs: [],
  };
  for (const seed of comparison.seeds) {
    // As PyTorch has it: what looks across a micro-batch looks across the batch.
    const microBatch = String(preset.defaults.batchSize);
    const args = ['--preset', name, '--data', 'mnist', '--epochs', String(epochs), '--seed', seed];
    args.push('--micro-batch', microBatch);
    const last = (await runOurs(args)).epochs.at(-1);
    if (last) comparison.ours.push({ testLoss: last.testLoss, ...last.testMetrics });
    const peer = (await runReference(python, { model: name, epochs, seed, threads })).at(-1);
    if (peer) comparison.theirs.push({ testLoss: peer.testLoss, ...peer.testMetrics });
    const both = [comparison.ours.at(-1), comparison.theirs.at(-1)];
    console.error(`${name}, seed ${seed}: ${JSON.stringify(both)}`);
  }
  numbers.presets[name] = comparison;
  await write();
}

await write();

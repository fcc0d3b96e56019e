/**
 * Rows of a table a second, to train on and to score (the negative ELBO of each, one draw of z), on all
 * cores, beside PyTorch with the same model and the same file; and the memory that scoring takes.
 *
 * PyTorch needs a Python that has it: LOCKSTEP_PYTHON, or python3; `--no-peer` leaves it out.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { lockstep, train } from './lockstep.mjs';
import { writeTableFile } from './made/madeData.mjs';
import { count, machine, median, spread, table, writePage } from './report.mjs';

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '5' },
    limit: { type: 'string', default: '8M' },
    engine: { type: 'string', default: 'onnx' },
    /** Where the generated files are kept; by default a folder that is removed. */
    folder: { type: 'string' },
    'no-peer': { type: 'boolean', default: false },
    page: { type: 'string' },
  },
});

const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'lockstep-made-'));
mkdirSync(folder, { recursive: true });
if (options.folder === undefined) {
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
}

/** @param {number} rows */
function made(rows) {
  const path = join(folder, `rows-${String(rows)}.csv`);
  if (!existsSync(path)) writeTableFile(path, rows);
  return path;
}

const cores = availableParallelism();
const rows = Number(options.rows);
const data = made(rows);
const trainingFlags = ['--preset', 'tabular', '--data', `table:${data}`, '--seed', '1'];
trainingFlags.push('--engine', options.engine, '--workers', String(cores));

/**
 * @param {string} name
 * @param {string[]} flags
 */
async function trained(name, flags) {
  const run = join(folder, name);
  rmSync(run, { recursive: true, force: true });
  await lockstep(['train', ...trainingFlags, ...flags, '--steps', '300', '--out', run]);
  return run;
}

/**
 * @typedef {{ openSeconds: number, firstSeconds: number, againSeconds: number, peakMib: number,
 *   cpuSeconds: number, mean: number }} Scored
 * @typedef {{ readSeconds: number, computeSeconds: number, cpuSeconds: number, how: string }} PeerScored
 */

/** @param {string[]} args */
const json = (args, [command = '', ...before] = [process.execPath]) =>
  JSON.parse(execFileSync(command, [...before, ...args], { encoding: 'utf8' }).trim());

const script = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));

/**
 * @param {string} run
 * @param {string} of
 * @returns {Scored}
 */
const score = (run, of) => json([script('score/scoreRows.mjs'), run, `table:${of}`]);

/** @returns {PeerScored} */
const scorePeer = () =>
  json(['-B', script('peer/scoreRows.py'), data], [process.env['LOCKSTEP_PYTHON'] ?? 'python3']);

const started = machine();
const whole = await trained('whole', []);
const streamed = await trained('streamed', ['--memory-limit', options.limit]);
/** @type {Record<string, number[]>} rows a second */
const rates = {};
/** @type {Record<string, number[]>} */
const peaks = {};
/** @type {string[]} PyTorch's fastest ways */
const hows = [];
const add = (/** @type {typeof rates} */ to, /** @type {string} */ name, /** @type {number} */ v) =>
  (to[name] ??= []).push(v);
const names = {
  compute: 'score, rows in memory',
  streamed: 'score, streamed: the file read, rows scored',
  whole: 'score, the file read into memory, rows scored',
  cpu: 'score, rows in memory, a second of processor time',
  peerCompute: 'PyTorch: score, rows in memory',
  peerCpu: 'PyTorch: score, rows in memory, a second of processor time',
  peer: 'PyTorch: score, the file read (csv) into memory, rows scored',
  train: 'train, batch 128',
  trainLarge: 'train, batch 4096',
};
for (let i = 0; i < Number(options.runs); i++) {
  const all = score(whole, data);
  add(rates, names.compute, rows / all.againSeconds);
  add(rates, names.cpu, rows / all.cpuSeconds);
  add(rates, names.whole, rows / (all.openSeconds + all.firstSeconds));
  add(peaks, `in memory, ${count(rows)} rows`, all.peakMib);
  const some = score(streamed, data);
  add(rates, names.streamed, rows / (some.openSeconds + some.firstSeconds));
  add(peaks, `streamed, ${count(rows)} rows`, some.peakMib);
  console.error(JSON.stringify({ all, some }));
  if (!options['no-peer']) {
    const peer = scorePeer();
    add(rates, names.peerCompute, rows / peer.computeSeconds);
    add(rates, names.peerCpu, rows / peer.cpuSeconds);
    add(rates, names.peer, rows / (peer.readSeconds + peer.computeSeconds));
    hows.push(peer.how);
    console.error(JSON.stringify(peer));
  }
}
for (let i = 0; i < Math.min(3, Number(options.runs)); i++) {
  const more = score(streamed, made(4 * rows));
  add(peaks, `streamed, ${count(4 * rows)} rows`, more.peakMib);
  for (const [name, batchSize, steps] of /** @type {const} */ ([
    [names.train, '128', '1000'],
    [names.trainLarge, '4096', '150'],
  ])) {
    const flags = [...trainingFlags, '--batch-size', batchSize, '--steps', steps];
    add(rates, name, (await train(flags)).examplesPerSec ?? Number.NaN);
  }
}
const rateTable = table(
  ['', 'rows a second, median', 'lowest to highest'],
  Object.values(names).flatMap((name) => {
    const values = rates[name];
    return values ? [[name, count(median(values)), spread(values)]] : [];
  }),
);
const ratios = (/** @type {string} */ ours, /** @type {string} */ theirs) => {
  const pairs = (rates[ours] ?? []).map((rate, i) => rate / (rates[theirs]?.[i] ?? Number.NaN));
  return `${median(pairs).toFixed(2)}x (${Math.min(...pairs).toFixed(2)} - ${Math.max(...pairs).toFixed(2)})`;
};
const against = options['no-peer']
  ? ''
  : `Against PyTorch, run by run: the model alone ${ratios(names.compute, names.peerCompute)}, by
processor time ${ratios(names.cpu, names.peerCpu)}, from the file
${ratios(names.streamed, names.peer)}.

`;
const fastest = hows.length > 0 ? ` The fastest here: ${[...new Set(hows)].join('; ')}.` : '';
const peakTable = table(
  ['score', 'peak memory, MiB'],
  Object.entries(peaks).map(([name, values]) => [name, count(median(values))]),
);
console.log(`${rateTable}\n\n${against}${peakTable}`);
if (options.page) {
  writePage(
    options.page,
    `# Rows of a table

Preset \`tabular\` on ${count(rows)} made-up rows of 12 columns (nine numbers, three of categories), CSV;
${String(cores)} workers, engine ${options.engine}; scoring is the negative ELBO of each row with one draw of z;
streamed: with a memory limit of ${options.limit}. ${options.runs} runs of each, taking turns.

${rateTable}

${against}"The file read" counts from an opened model to the last row's score, compiling and the workers' start
included. "Rows in memory" is the fastest of three passes, what is compiled for the first being kept. PyTorch
runs eagerly, the fastest (and the least processor time) of five ways: a process of one thread on each core, rows
shared, in batches of 1024, 4096 and 16384, its start not counted; and one process with a thread on each core, in
batches of 4096 and 16384 (a tenth of the rows, ten times the seconds).${fastest}

${peakTable}

Of the whole process, the scores handed on in pieces of 65,536 rows. Of a row nothing is held; of one with a label
4 bytes, and while labels are read for a moment twice as much; of a row of a part that is split off another, 4 bytes
for its position.

${started}

\`\`\`sh
npm run scoring -w @lockstep/bench -- --runs ${options.runs} --page ${options.page}
\`\`\``,
  );
}

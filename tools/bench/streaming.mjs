/**
 * Training on data that is larger than its share of memory, beside training on the same data in memory:
 * examples a second, taking turns, and processor time an example, which other work on the machine disturbs
 * less; and the memory of the process, at its peak and over time, with data of 5 and of 20 times the limit
 * (Linux: read from /proc).
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { train } from './lockstep.mjs';
import {
  RATINGS_PER_USER,
  TABLE_COLUMNS,
  writeImageFile,
  writeRatingsFile,
  writeTableFile,
} from './made/madeData.mjs';
import { count, machine, median, spread, table, writePage } from './report.mjs';

const { values: options } = parseArgs({
  options: {
    case: { type: 'string', default: 'tabular,mlp,recommend' },
    runs: { type: 'string', default: '5' },
    workers: { type: 'string', default: '4' },
    /** Where the generated files are kept; by default a folder that is removed. */
    folder: { type: 'string' },
    page: { type: 'string' },
  },
});

const MIB = 2 ** 20;
const TIMES = [5, 20];
const cases = [
  {
    name: 'tabular',
    what: `rows of ${String(TABLE_COLUMNS)} columns, CSV`,
    limit: 8 * MIB,
    bytes: 4 * TABLE_COLUMNS,
    batchSize: 2048,
    steps: 600,
    extension: 'csv',
    kind: 'table',
    write: writeTableFile,
  },
  {
    name: 'mlp',
    what: 'images of 28x28, NPY',
    limit: 16 * MIB,
    bytes: 784,
    batchSize: 512,
    steps: 200,
    extension: 'npy',
    kind: 'image',
    write: writeImageFile,
  },
  {
    name: 'recommend',
    what: `users with ${String(RATINGS_PER_USER)} of 1,000 items, CSV`,
    limit: 4 * MIB,
    bytes: 4 + 8 * RATINGS_PER_USER,
    batchSize: 500,
    steps: 900,
    extension: 'csv',
    kind: 'ratings',
    write: writeRatingsFile,
  },
].filter(({ name }) => options.case.split(',').includes(name));

const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'lockstep-made-'));
mkdirSync(folder, { recursive: true });
if (options.folder === undefined) {
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
}

/** @typedef {typeof cases[number]} Case */

/**
 * @param {Case} of
 * @param {number} examples
 */
function made(of, examples) {
  const path = join(folder, `${of.name}-${String(examples)}.${of.extension}`);
  if (!existsSync(path)) of.write(path, examples);
  return path;
}

/** @param {number} pid */
function memoryOf(pid) {
  const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
  const kib = (/** @type {string} */ name) =>
    Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0);
  return { now: kib('VmRSS') / 1024, peak: kib('VmHWM') / 1024 };
}

/**
 * Seconds that all threads of a process have run, to a hundredth.
 * @param {number} pid
 */
function processorSeconds(pid) {
  const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
  // The second field, the name, may have anything in it; user and system time are the 14th and 15th.
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return (Number(user) + Number(system)) / 100;
}

/**
 * @param {Case} of
 * @param {number} times how large the data is, of the limit
 * @param {boolean} streamed
 */
async function run(of, times, streamed) {
  const examples = Math.ceil((times * of.limit) / of.bytes);
  const args = ['--preset', of.name, '--data', `${of.kind}:${made(of, examples)}`];
  args.push('--hold-out', String(1000 / examples), '--seed', '1', '--workers', options.workers);
  args.push('--batch-size', String(of.batchSize), '--steps', String(of.steps));
  if (streamed) args.push('--memory-limit', String(of.limit));
  let pid = 0;
  let peak = 0;
  /** @type {number[]} RSS by step */
  const resident = [];
  const started = performance.now();
  let firstStep = Number.NaN;
  /** @type {{ step: number, seconds: number }[]} */
  const processor = [];
  const poll = setInterval(() => {
    try {
      peak = Math.max(peak, memoryOf(pid).peak);
    } catch {
      // Between start and exec, and after exit, there is nothing to read.
    }
  }, 20);
  try {
    const { examplesPerSec = Number.NaN } = await train(args, {
      onStart: (id) => (pid = id),
      onEvent: ({ event, step }) => {
        if (event !== 'step') return;
        if (Number.isNaN(firstStep)) firstStep = (performance.now() - started) / 1000;
        processor.push({ step: Number(step), seconds: processorSeconds(pid) });
        resident.push(memoryOf(pid).now);
      },
    });
    const at = [0.25, 0.5, 0.75, 1].map(
      (share) => resident[Math.ceil(share * resident.length) - 1] ?? Number.NaN,
    );
    const [from, until] = [processor[0], processor.at(-1)];
    const trained = ((until?.step ?? 0) - (from?.step ?? 0)) * of.batchSize;
    const microseconds = (1e6 * ((until?.seconds ?? 0) - (from?.seconds ?? 0))) / trained;
    return { examplesPerSec, microseconds, peak, at, firstStep };
  } finally {
    clearInterval(poll);
  }
}

const started = machine();
const rates = [];
const memory = [];
for (const of of cases) {
  const [few = 5, many = 20] = TIMES;
  /** @type {Awaited<ReturnType<typeof run>>[]} */
  const inMemory = [];
  /** @type {typeof inMemory} */
  const streamed = [];
  /** @type {typeof inMemory} */
  const small = [];
  for (let i = 0; i <= Number(options.runs); i++) {
    const turn = [await run(of, many, false), await run(of, many, true)];
    const [a, b] = turn;
    console.error(of.name, i, JSON.stringify(turn));
    // The first pair warms up the files.
    if (!a || !b || i === 0) continue;
    inMemory.push(a);
    streamed.push(b);
    if (small.length < 3) small.push(await run(of, few, true));
  }
  const speeds = (/** @type {typeof inMemory} */ runs) =>
    runs.map(({ examplesPerSec }) => examplesPerSec);
  const ratios = streamed.map(
    ({ examplesPerSec }, i) => examplesPerSec / (inMemory[i]?.examplesPerSec ?? Number.NaN),
  );
  const seconds = (/** @type {typeof inMemory} */ runs) =>
    `${median(runs.map(({ firstStep }) => firstStep)).toFixed(1)} s`;
  const processor = (/** @type {typeof inMemory} */ runs) =>
    `${median(runs.map(({ microseconds }) => microseconds)).toFixed(1)} us`;
  rates.push([
    of.name,
    of.what,
    `${count(median(speeds(inMemory)))} (${spread(speeds(inMemory))})`,
    `${count(median(speeds(streamed)))} (${spread(speeds(streamed))})`,
    `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)} - ${Math.max(...ratios).toFixed(2)})`,
    processor(inMemory),
    processor(streamed),
    seconds(inMemory),
    seconds(streamed),
  ]);
  const examples = Math.ceil((many * of.limit) / of.bytes);
  const file = Math.round(statSync(made(of, examples)).size / MIB);
  for (const [label, runs] of /** @type {const} */ ([
    [`streamed, ${String(few)} times the limit`, small],
    [`streamed, ${String(many)} times the limit`, streamed],
    [`in memory, the same`, inMemory],
  ])) {
    const mib = (/** @type {number[]} */ values) => count(median(values));
    memory.push([
      of.name,
      label,
      ...[0, 1, 2, 3].map((quarter) => mib(runs.map(({ at }) => at[quarter] ?? Number.NaN))),
      mib(runs.map(({ peak }) => peak)),
    ]);
  }
  console.error(`${of.name}: ${String(examples)} examples, a file of ${String(file)} MiB`);
}

const sizes = cases.map(({ name, limit, bytes, batchSize, steps }) => {
  const examples = count(Math.ceil((20 * limit) / bytes));
  return `- ${name}: a limit of ${String(limit / MIB)} MiB, ${examples} examples of ${String(bytes)} bytes (20 times it), steps of ${String(batchSize)}, ${String(steps)} of them.`;
});
const rateTable = table(
  [
    ...['preset', 'data', 'in memory', 'streamed', 'ratio, pair by pair'],
    ...['processor time', 'streamed', 'first step', 'streamed'],
  ],
  rates,
);
const memoryTable = table(['preset', '', '25%', '50%', '75%', '100%', 'peak'], memory);
console.log(`${rateTable}\n\n${memoryTable}`);
if (options.page) {
  writePage(
    options.page,
    `# Streaming

Training on data of 20 times its memory limit, beside training on the same data in memory, with
${options.workers} workers.

${sizes.join('\n')}

## Examples a second

Median, lowest and highest of ${options.runs} runs of each, taking turns. Processor time is that of all threads,
an example, from the first step to the last. Seconds are those from the command to its first finished step, which
include reading the table (both) and writing the spool (streamed alone).

${rateTable}

## Memory

Resident memory of the whole process in MiB, medians: when a quarter, a half ... of the steps are done, and
at its peak, reading the data included.

${memoryTable}

${started}

\`\`\`sh
npm run streaming -w @lockstep/bench -- --runs ${options.runs} --page ${options.page}
\`\`\``,
  );
}

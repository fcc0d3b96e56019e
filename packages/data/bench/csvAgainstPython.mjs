/**
 * CSV to typed columns, against Python's csv module to rows of strings, one core:
 *
 *   npm run build && taskset -c 0 node bench/csvAgainstPython.mjs [FILE...]
 *
 * Both take turns, each in a process of its own; the fastest and the median of the runs count, in wall and
 * in processor time (of all of the process's threads). Without files: a million rows made here.
 */
import { execFileSync } from 'node:child_process';
import { createWriteStream, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const turns = 6;
const runsATurn = 10;

const python = `
import csv, gzip, json, sys, time
path = sys.argv[1]
runs = []
for _ in range(${runsATurn}):
    wall, cpu = time.perf_counter(), time.process_time()
    with (gzip.open(path, 'rt', newline='') if path.endswith('.gz') else open(path, newline='')) as file:
        rows = 0
        for row in csv.reader(file):
            rows += 1
    runs.append([(time.perf_counter() - wall) * 1e3, (time.process_time() - cpu) * 1e3])
print(json.dumps({'rows': rows, 'runs': runs}))
`;

if (process.argv[2] === '--ours') await ours(process.argv[3]);
else await compare(process.argv.slice(2));

async function ours(path) {
  const { openCsv } = await import('../dist/tables/csv/csvReader.js');
  const { Dictionary } = await import('../dist/tables/dictionary.js');
  const { parseDate } = await import('../dist/tables/dates.js');
  const missing = new Set(['?', 'NA']);
  const readingOf = (text) => {
    if (!Number.isNaN(Number(text))) return { as: 'number' };
    if (!Number.isNaN(parseDate(text, 'ymd'))) return { as: 'date', order: 'ymd' };
    return { as: 'text', dictionary: new Dictionary(1000, missing) };
  };
  const runs = [];
  let rows = 0;
  for (let run = 0; run < runsATurn; run++) {
    const wall = performance.now();
    const cpu = process.cpuUsage();
    const reader = await openCsv(path, { decimal: '.', missing });
    rows = 0;
    await reader.scan({
      readings: reader.sample[0].fields.map(readingOf),
      misfit: ({ text }) => {
        throw new Error(text);
      },
      take: (block) => {
        rows += block.rows;
      },
    });
    const { user, system } = process.cpuUsage(cpu);
    runs.push([performance.now() - wall, (user + system) / 1e3]);
  }
  console.log(JSON.stringify({ rows, runs }));
}

async function compare(named) {
  const files = named.length > 0 ? named : [await synthetic()];
  const self = fileURLToPath(import.meta.url);
  for (const file of files) {
    const all = { python: [], ours: [] };
    let rows = 0;
    for (let turn = 0; turn < turns; turn++) {
      const theirs = execFileSync('python3', ['-c', python, file], { encoding: 'utf8' });
      all.python.push(...JSON.parse(theirs).runs);
      const mine = execFileSync(process.execPath, [self, '--ours', file], { encoding: 'utf8' });
      ({ rows } = JSON.parse(mine));
      all.ours.push(...JSON.parse(mine).runs);
    }
    const of = (who, i, pick) => pick(all[who].map((run) => run[i]).sort((a, b) => a - b));
    const least = (sorted) => sorted[0];
    const median = (sorted) => sorted[sorted.length >> 1];
    console.log(`${file}: ${rows} rows`);
    for (const [name, i, pick] of [
      ['wall, fastest', 0, least],
      ['wall, median', 0, median],
      ['processor time, fastest', 1, least],
      ['processor time, median', 1, median],
    ]) {
      const [theirs, mine] = [of('python', i, pick), of('ours', i, pick)];
      const times = `Python ${theirs.toFixed(1)} ms, ours ${mine.toFixed(1)} ms`;
      console.log(`  ${name.padEnd(24)} ${times}: ${(theirs / mine).toFixed(2)}x`);
    }
  }
}

/** A million rows of twelve columns: numbers whole, short and long, a date, words. */
async function synthetic() {
  const path = join(tmpdir(), 'lockstep-million-rows.csv');
  if (existsSync(path)) return path;
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const normal = () => next() + next() + next() + next() + next() + next() - 3;
  const pick = (...words) => words[Math.floor(next() * words.length)];
  const two = (n) => String(1 + Math.floor(next() * n)).padStart(2, '0');
  const file = createWriteStream(path);
  file.write('amount,age,country,kind,when,x1,x2,x3,x4,count,flag,label\n');
  for (let part = 0; part < 1000; part++) {
    const lines = Array.from({ length: 1000 }, () =>
      [
        Math.exp(3 + 1.5 * normal()).toFixed(2),
        18 + Math.floor(next() * 73),
        pick('DE', 'FR', 'US', 'IN', 'BR', 'JP', 'GB'),
        pick('card', 'cash', 'transfer', 'cheque'),
        `2024-${two(12)}-${two(28)}`,
        normal().toFixed(4),
        (5 + 3 * normal()).toFixed(4),
        next().toFixed(4),
        (1000 * normal()).toFixed(3),
        Math.floor(next() * 501),
        next() < 0.5 ? 0 : 1,
        next() < 0.02 ? 'fraud' : 'normal',
      ].join(','),
    );
    if (!file.write(`${lines.join('\n')}\n`)) await new Promise((done) => file.once('drain', done));
  }
  await new Promise((done) => file.end(done));
  return path;
}

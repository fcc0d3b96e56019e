/** Runs on streamed data that are stopped: while it is written to a temporary file, and while it is read. */
import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { idxBytes } from '../testing/idx.ts';
import { jsonLines, lastLine, lockstep, start, type Running } from '../testing/lockstep.ts';

const EXAMPLES = 40_000;
const SIDE = 28;

let folder: string;
/** Where temporary files go. */
let temporary: string;
let data: string;
let whole: Record<string, unknown>;

const settings = (out: string, source = data): string[] => {
  const steps = ['--steps', '150', '--batch-size', '32', '--hold-out', '0.01'];
  return ['train', '--json', '--data', source, '--memory-limit', '1M', ...steps, '--out', out];
};
const begin = (out: string, source?: string): Running =>
  start(settings(out, source), { env: { TMPDIR: temporary } });
const resume = (out: string) =>
  lockstep(['train', '--json', '--resume', out], { env: { TMPDIR: temporary } });
const compared = ({ steps, weightsSha256, testLoss, trainLoss }: Record<string, unknown>) => ({
  ...{ steps, weightsSha256, testLoss, trainLoss },
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-streamed-'));
  data = join(folder, 'x-idx3-ubyte.gz');
  await writeFile(data, gzipSync(idxBytes(EXAMPLES, SIDE, SIDE), { level: 1 }));
  whole = lastLine(await lockstep([...settings(join(folder, 'whole')), '--workers', '2']));
});
beforeEach(() => {
  temporary = join(folder, 'temporary');
  mkdirSync(temporary, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Bytes of the nameless file that a process writes its data to; undefined before it is there. */
function spooledBytes(pid: number): number | undefined {
  try {
    const open = readdirSync(`/proc/${pid}/fd`).map((each) => `/proc/${pid}/fd/${each}`);
    const spool = open.find((each) => readlinkSync(each).includes('lockstep-spool-'));
    return spool === undefined ? undefined : statSync(spool).size;
  } catch {
    return undefined; // files come and go
  }
}

async function whileSpooling({ child }: Running): Promise<number> {
  for (;;) {
    const bytes = spooledBytes(child.pid ?? 0);
    if (bytes !== undefined && bytes > 0) return bytes;
    if (child.exitCode !== null) throw new Error('it ended before it wrote anything');
    await sleep(1);
  }
}

const onLinux = process.platform === 'linux';

test.runIf(onLinux)(
  'Ctrl-C while data is written to a temporary file ends at once, and nothing is begun',
  async () => {
    const out = join(folder, 'spooling');
    const running = begin(out);
    expect(await whileSpooling(running)).toBeLessThan(EXAMPLES * SIDE * SIDE);
    running.child.kill('SIGINT');
    const stopped = await running.finished;
    expect([stopped.code, jsonLines(stopped)]).toEqual([130, [{ event: 'interrupted' }]]);
    expect([readdirSync(temporary), readdirSync(folder)]).toEqual([
      [],
      expect.not.arrayContaining(['spooling']),
    ]);
  },
);

test.runIf(onLinux)('a kill while data is written to a temporary file leaves nothing', async () => {
  const out = join(folder, 'killed');
  const running = begin(out);
  await whileSpooling(running);
  running.child.kill('SIGKILL');
  const { signal } = await running.finished;
  expect(signal).toBe('SIGKILL');
  expect([readdirSync(temporary), readdirSync(folder)]).toEqual([
    [],
    expect.not.arrayContaining(['killed']),
  ]);
});

test.runIf(onLinux).each(['SIGINT', 'SIGKILL'] as const)(
  'ratings are written to one while they are opened: %s leaves nothing',
  async (signal) => {
    const ratings = join(folder, 'ratings.csv');
    const lines = Array.from({ length: 1_000_000 }, (_, i) => `u${(i * 7) % 50_000},i${(i * 31) % 997}`); // prettier-ignore
    await writeFile(ratings, lines.join('\n'));
    const out = join(folder, 'ratings');
    const running = begin(out, `ratings:${ratings}`);
    await whileSpooling(running);
    running.child.kill(signal);
    const stopped = await running.finished;
    if (signal === 'SIGINT') {
      expect([stopped.code, jsonLines(stopped)]).toEqual([130, [{ event: 'interrupted' }]]);
    } else expect(stopped.signal).toBe(signal);
    expect([readdirSync(temporary), readdirSync(folder)]).toEqual([
      [],
      expect.not.arrayContaining(['ratings']),
    ]);
  },
);

test('Ctrl-C while windows are read: it goes on to the same bits, with other workers', async () => {
  const out = join(folder, 'reading');
  const running = start([...settings(out), '--workers', '3'], { env: { TMPDIR: temporary } });
  await running.printed('"event":"step"');
  running.child.kill('SIGINT');
  const stopped = await running.finished;
  const last = jsonLines(stopped).at(-1);
  expect([stopped.code, last?.['event']]).toEqual([130, 'interrupted']);
  expect(last?.['step']).toBeLessThan(150);
  expect(readdirSync(temporary)).toEqual([]);
  expect(compared(lastLine(await resume(out)))).toEqual(compared(whole));
});

test('a run that is killed while windows are read leaves nothing, and goes on to the same bits', async () => {
  const out = join(folder, 'killed-reading');
  const often = join(folder, 'often.json');
  await writeFile(often, JSON.stringify({ checkpoint: { everySteps: 20 } }));
  const running = start([...settings(out), often], { env: { TMPDIR: temporary } });
  await running.printed('"kind":"checkpoint"');
  running.child.kill('SIGKILL');
  const { signal } = await running.finished;
  expect([signal, readdirSync(temporary)]).toEqual(['SIGKILL', []]);
  expect(compared(lastLine(await resume(out)))).toEqual(compared(whole));
});

import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunEvent } from '@lockstep/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMetricsLog } from './metricsLog.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lockstep-'));
  path = join(folder, 'metrics.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

const step = (number: number): RunEvent => ({
  event: 'step',
  step: number,
  epoch: 1,
  loss: 100,
  metrics: { kl: 25 },
  learningRate: 0.001,
  examplesPerSec: 1000,
});
const artifact: RunEvent = { event: 'artifact', kind: 'checkpoint', path: 'ä' };

async function lines(): Promise<unknown[]> {
  const text = await readFile(path, 'utf8');
  expect(text === '' || text.endsWith('\n')).toBe(true);
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as unknown);
}

function log(events: readonly RunEvent[], resumedStep?: number): void {
  const opened = openMetricsLog(path, resumedStep);
  for (const event of events) opened.append(event);
  opened.close();
}

describe('the metrics log', () => {
  it('has each line in the file at once', async () => {
    const opened = openMetricsLog(path);
    opened.append(step(1));
    expect(await lines()).toEqual([step(1)]);
    opened.append(artifact);
    expect(await lines()).toEqual([step(1), artifact]);
    opened.close();
  });

  it('drops what a resumed run will do again, and nothing before it', async () => {
    log([step(1), artifact, step(2), artifact, step(3), artifact, step(4)]);
    log([step(3)], 2);
    expect(await lines()).toEqual([step(1), artifact, step(2), artifact, step(3)]);
  });

  it('keeps all up to the resumed step where that was the last', async () => {
    const interrupted: RunEvent = { event: 'interrupted', step: 2, checkpoint: 'c', out: 'o' };
    log([step(1), step(2), artifact, interrupted]);
    log([step(3)], 2);
    expect(await lines()).toEqual([step(1), step(2), artifact, interrupted, step(3)]);
  });

  it('drops the end of a longer run', async () => {
    const done = { event: 'done', steps: 5 } as unknown as RunEvent;
    log([step(2), done]);
    log([], 4);
    expect(await lines()).toEqual([step(2)]);
  });

  it('drops a line that was never finished', async () => {
    log([step(1)]);
    await appendFile(path, '{"event":"st');
    log([step(2)], 1);
    expect(await lines()).toEqual([step(1), step(2)]);
  });

  it('starts where there is none to resume', async () => {
    log([step(1)], 0);
    expect(await lines()).toEqual([step(1)]);
  });

  it('says so when it cannot be written', () => {
    expect(() => openMetricsLog(folder)).toThrow(
      expect.objectContaining({ code: 'RUN_WRITE_FAILED', where: folder }),
    );
  });
});

/** Every preset goes out and comes back, so that a new one is heard of here. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { presets } from '@lockstep/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeSmallMnist } from '../testing/smallMnist.ts';
import { writeTableRows } from '../testing/tableRows.ts';
import { writeTextLines } from '../testing/textLines.ts';
import { readLatestCheckpoint } from '../run/latestCheckpoint.ts';
import { exportRun } from './exportRun.ts';
import { importRun } from './importRun.ts';
import { configOf, makeRun } from './testing/runs.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'lockstep-'))));
afterEach(() => rm(folder, { recursive: true }));

/** Convolutions of the audio preset halve a picture three times. */
const sideFor = (preset: string): number => (preset === 'audio' ? 32 : 28);

function writeData(preset: string): string {
  if (preset === 'text') return writeTextLines(join(folder, 'lines.txt'), 20);
  if (preset === 'tabular') return writeTableRows(join(folder, 'rows.csv'), 20);
  return writeSmallMnist(join(folder, 'mnist'), { train: 20, test: 10, side: sideFor(preset) });
}

test.for(Object.keys(presets))('%s', async (preset) => {
  const data = writeData(preset);
  const spec = { preset, data, shape: [28, 28, 1], out: join(folder, 'run') };
  const run = await makeRun(spec);
  const weights = join(folder, 'torch', 'model.safetensors');
  await exportRun(run, { format: 'safetensors', out: join(folder, 'torch') });
  const back = await importRun({
    weights,
    config: { ...(await configOf(spec)), out: join(folder, 'back') },
  });
  const before = (await readLatestCheckpoint(run)).checkpoint.parameters;
  const after = (await readLatestCheckpoint(back.run)).checkpoint.parameters;
  expect(after.map(({ name, shape }) => [name, shape])).toEqual(
    before.map(({ name, shape }) => [name, shape]),
  );
  // A mean of squares goes as a variance and comes back.
  after.forEach(({ name, data }, i) => {
    const was = before[i]?.data ?? [];
    if (name.endsWith('/meanSquare'))
      data.forEach((v, j) => expect(v).toBeCloseTo(was[j] ?? NaN, 5));
    else expect([name, data]).toEqual([name, was]);
  });
  const { files } = await exportRun(run, { format: 'onnx', out: join(folder, 'onnx') });
  expect(files.map(({ function: fn }) => fn?.batch)).toEqual(files.map(() => 'dynamic'));
  expect(files.length).toBeGreaterThan(0);
});

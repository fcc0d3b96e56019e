/** The feature network of a run, and what lies in its place. */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openData, type DatasetInfo } from '@lockstep/data';
import { beforeAll, expect, it } from 'vitest';
import type { ResolvedConfig } from '../config/resolvedConfig.ts';
import { readRun } from '../openRun.ts';
import type { Checkpoint } from '../run/checkpoint.ts';
import { encodeCheckpoint } from '../run/checkpoint.ts';
import { readLatestCheckpoint } from '../run/latestCheckpoint.ts';
import type { NamedTensor } from '../run/namedTensor.ts';
import { wholeRuns, workerEntry } from '../testing/wholeRuns.ts';
import { trainFeatureNetwork } from './featureTraining.ts';

const { done } = wholeRuns({ train: 60, test: 20 });
let out: string;
let config: ResolvedConfig;
let data: DatasetInfo;
let trained: readonly NamedTensor[];

/** The parameters, and whether they were trained now. */
async function network() {
  let steps = 0;
  const onStep = (): void => void steps++;
  const given = { config, data, workerEntry, signal: undefined, onStep };
  const parameters = await trainFeatureNetwork(out, given);
  return { parameters, isNew: steps > 0 };
}

beforeAll(async () => {
  ({ out } = await done({ preset: 'mlp', steps: 1, batchSize: 16, workers: 1 }));
  ({ config } = (await readRun(out)).checkpoint);
  const opened = await openData(config.data.source, config.data);
  await opened.close();
  data = opened.train;
  const first = await network();
  expect(first.isNew).toBe(true);
  trained = first.parameters;
}, 60_000);

it('is found again', async () => {
  expect(await network()).toEqual({ parameters: trained, isNew: false });
});

it.each<[string, (found: Checkpoint) => Partial<Checkpoint>]>([
  [
    'of an earlier version, with other layers',
    ({ parameters: [first, ...others] }) => ({
      parameters: [{ ...first!, shape: [1, ...first!.shape] }, ...others],
    }),
  ],
  ['without a layer', ({ parameters }) => ({ parameters: parameters.slice(1), moments: {} })],
  ['for data of other classes', (found) => ({ data: { ...found.data, classes: 9 } })],
  ['for data that was less', (found) => ({ data: { ...found.data, examples: 50 } })],
])('one %s is trained again', async (_, change) => {
  const { path, checkpoint } = await readLatestCheckpoint(join(out, 'features'));
  writeFileSync(path, encodeCheckpoint({ ...checkpoint, ...change(checkpoint) }));
  expect(await network()).toEqual({ parameters: trained, isNew: true });
});

it('a file in its place gives way to it', async () => {
  rmSync(join(out, 'features'), { recursive: true });
  writeFileSync(join(out, 'features'), 'what');
  expect(await network()).toEqual({ parameters: trained, isNew: true });
  expect(readdirSync(join(out, 'features'))).toContain('checkpoints');
});

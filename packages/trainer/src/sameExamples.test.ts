import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWav } from '@lockstep/data/audio';
import { expect, it } from 'vitest';
import { encodePng } from './run/imageGrid.ts';
import { wholeRuns } from './testing/wholeRuns.ts';

const { run, temporary, data } = wholeRuns({ train: 20, test: 10 });

async function notesOf(source: string, preset: 'mlp' | 'audio'): Promise<readonly string[]> {
  const settings = { data: { source }, steps: 1, batchSize: 4, workers: 1, preset } as const;
  const { events } = await run(settings);
  const start = events.find(({ event }) => event === 'start');
  return (start?.event === 'start' && start.dataNotes) || [];
}

it('training says where all pictures are the same', async () => {
  const folder = join(temporary, 'black');
  mkdirSync(folder);
  for (let i = 0; i < 20; i++) {
    const pixels = new Uint8Array(16);
    const { png } = await encodePng({ pixels, width: 4, height: 4, channels: 1 });
    writeFileSync(join(folder, `${i}.png`), png);
  }
  const said = `All 18 training examples of ${folder} are the same: `;
  expect(await notesOf(folder, 'mlp')).toEqual([expect.stringContaining(said)]);
  expect(await notesOf(data, 'mlp')).toEqual([]);
});

it('and where all recordings are silent', async () => {
  const folder = join(temporary, 'silent');
  mkdirSync(folder);
  for (let i = 0; i < 10; i++) {
    const samples = new Float32Array(8000 + 100 * i);
    writeFileSync(join(folder, `${i}.wav`), writeWav(samples, 8000));
  }
  const said = 'are the same, as silence is: there is nothing to learn';
  expect(await notesOf(folder, 'audio')).toEqual([expect.stringContaining(said)]);
});

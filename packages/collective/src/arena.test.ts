import { expect, it } from 'vitest';
import { createArena } from './arena.ts';
import type { ArenaSpec } from './arenaLayout.ts';

const spec = (width: number, slots: number): ArenaSpec => ({
  parameters: [
    { name: 'bias', shape: [width] },
    { name: 'kernel', shape: [1000, width] },
  ],
  ...{ slots, metrics: [1], moments: 2, workers: 1, clip: false, scratch: false },
});

function refused(of: ArenaSpec): unknown {
  try {
    createArena(of);
  } catch (error) {
    return error;
  }
  throw new Error('it fits');
}

const text = (pattern: RegExp): string => expect.stringMatching(pattern) as string;

it('a model too large for any micro-batch is named first, with its largest tensor', () => {
  expect(refused(spec(784_000, 16))).toMatchObject({
    code: 'RUN_ARENA_TOO_LARGE',
    got: text(
      /^a model of 784,784,000 parameters, most of them in kernel \[1000, 784000\]: 20\.46 GiB/u,
    ),
    fix: text(/^Make the model smaller/u),
  });
});

it('where the slots are too many, a larger micro-batch mends it', () => {
  expect(refused(spec(20_000, 200))).toMatchObject({
    code: 'RUN_ARENA_TOO_LARGE',
    got: text(/^a model of 20,020,000 parameters with 200 gradient slots, .* 15\.\d\d GiB/u),
    fix: text(/--micro-batch/u),
  });
});

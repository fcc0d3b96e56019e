import { describe, expect, it } from 'vitest';
import { examplesSeen, nextPause } from './position.ts';

describe('nextPause', () => {
  const schedule = { stepsPerEpoch: 10, totalSteps: 25 };

  it('is the end of the epoch, or of the run', () => {
    expect([0, 9, 10, 19, 20, 24].map((step) => nextPause(step, schedule))).toEqual([
      10, 10, 20, 20, 25, 25,
    ]);
  });

  it('is the next checkpoint where that comes first', () => {
    const withCheckpoints = { ...schedule, checkpointEverySteps: 4 };
    const pauses: number[] = [];
    for (let step = 0; step < 25; pauses.push(step)) step = nextPause(step, withCheckpoints);
    expect(pauses).toEqual([4, 8, 10, 12, 16, 20, 24, 25]);
  });
});

it('examplesSeen counts an uneven last batch as what it is', () => {
  const plan = { stepsPerEpoch: 3, batchSize: 10, examples: 25 };
  expect([0, 1, 2, 3, 4, 6].map((step) => examplesSeen(step, plan))).toEqual([
    0, 10, 20, 25, 35, 50,
  ]);
});

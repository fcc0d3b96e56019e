import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultMicroBatch, planSteps } from './microBatches.ts';

describe('planSteps', () => {
  const options = fc.record({
    examples: fc.integer({ min: 1, max: 3000 }),
    batchSize: fc.integer({ min: 1, max: 4000 }),
    microBatch: fc.integer({ min: 1, max: 600 }),
    slots: fc.integer({ min: 1, max: 20 }),
  });

  it('gives every example to exactly one micro-batch of one slot of one step', () => {
    fc.assert(
      fc.property(options, (chosen) => {
        const plan = planSteps(chosen);
        const seen: number[] = [];
        for (let step = 0; step < plan.stepsPerEpoch; step++) {
          for (let slot = 0; slot < plan.slots; slot++) {
            const run = plan.slotRange(slot);
            expect(run.end).toBeGreaterThan(run.begin);
            for (let index = run.begin; index < run.end; index++) {
              const range = plan.microBatchRange(step, index);
              expect(range.end - range.begin).toBeLessThanOrEqual(plan.microBatch);
              for (let i = range.begin; i < range.end; i++) seen.push(i);
            }
          }
          expect(plan.stepRange(step).end).toBe(seen.length);
        }
        expect(seen).toEqual(Array.from({ length: chosen.examples }, (_, i) => i));
      }),
      { numRuns: 200 },
    );
  });

  it('covers a batch with contiguous slots of about equal length', () => {
    const plan = planSteps({ examples: 60_000, batchSize: 2048, microBatch: 100, slots: 16 });
    expect([plan.microBatches, plan.slots, plan.stepsPerEpoch]).toEqual([21, 16, 30]);
    const lengths = Array.from({ length: 16 }, (_, s) => plan.slotRange(s)).map(
      ({ begin, end }) => end - begin,
    );
    expect(Math.max(...lengths) - Math.min(...lengths)).toBe(1);
  });

  it('needs no slots for a batch larger than the data', () => {
    const plan = planSteps({ examples: 10, batchSize: 1_000_000_000, microBatch: 4, slots: 16 });
    expect([plan.microBatches, plan.slots, plan.stepsPerEpoch]).toEqual([3, 3, 1]);
    const large = { examples: 10, batchSize: 1_000_000_000, microBatch: 1_000_000, slots: 16 };
    expect(planSteps(large)).toMatchObject({ microBatch: 10, microBatches: 1 });
  });

  it('refuses what is no plan', () => {
    expect(() => planSteps({ examples: 0, batchSize: 1, microBatch: 1, slots: 1 })).toThrow(
      'examples',
    );
  });
});

describe('defaultMicroBatch', () => {
  it.each([
    [1, 1],
    [2, 1],
    [5, 2],
    [32, 8],
    [100, 25],
    [128, 32],
    [130, 33],
    [512, 128],
    [1000, 125],
    [4096, 128],
  ])('batch %i: %i', (batchSize, microBatch) => {
    expect(defaultMicroBatch(batchSize)).toBe(microBatch);
  });

  it('pads less than one example for each micro-batch, and never exceeds the batch', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), (batchSize) => {
        const m = defaultMicroBatch(batchSize);
        const microBatches = Math.ceil(batchSize / m);
        expect(m).toBeGreaterThanOrEqual(1);
        expect(m).toBeLessThanOrEqual(Math.min(128, batchSize));
        expect(microBatches * m - batchSize).toBeLessThan(microBatches);
      }),
    );
  });
});

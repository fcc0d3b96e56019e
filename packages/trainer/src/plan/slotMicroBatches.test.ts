import fc from 'fast-check';
import { expect, it } from 'vitest';
import { planSteps } from '../config/microBatches.ts';
import { slotMicroBatches } from './slotMicroBatches.ts';

const size = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });

it('covers every example of an epoch exactly once, whatever the sizes', () => {
  fc.assert(
    fc.property(
      size(300),
      size(90),
      size(40),
      size(9),
      size(9),
      fc.nat(3),
      (examples, batchSize, microBatch, mostSlots, arenaSlots, epoch) => {
        const plan = planSteps({ examples, batchSize, microBatch, slots: mostSlots });
        const seen = new Array<number>(examples).fill(0);
        for (let step = 0; step < plan.stepsPerEpoch; step++) {
          const round = epoch * plan.stepsPerEpoch + step;
          // An arena may have more slots than these data fill.
          for (let slot = 0; slot < Math.max(plan.slots, arenaSlots); slot++) {
            for (const range of slotMicroBatches(plan, { round, slot })) {
              expect(range.epoch).toBe(epoch);
              expect(range.count).toBeLessThanOrEqual(microBatch);
              for (let i = 0; i < range.count; i++) seen[range.start + i]! += 1;
            }
          }
        }
        expect(seen.every((times) => times === 1)).toBe(true);
      },
    ),
  );
});

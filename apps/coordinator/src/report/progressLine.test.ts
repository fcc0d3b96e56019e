import fc from 'fast-check';
import { expect, test } from 'vitest';
import { progressLine, spoolLine } from './progressLine.ts';
import type { Progress } from './progressLine.ts';

const progress: Progress = {
  step: 1_234,
  totalSteps: 4_690,
  epoch: 3,
  epochs: 10,
  loss: 106.12,
  metrics: { reconstruction: 80.512, kl: 25.605 },
  examplesPerSec: 31_204,
  remainingSec: 14,
};

test('a wide terminal shows everything', () => {
  expect(progressLine(progress, 140)).toBe(
    `[${'='.repeat(7)}${' '.repeat(23)}]  epoch 3/10  step 1,234/4,690  ETA 0:14  ` +
      '31,204 examples/s  loss 106.12  reconstruction 80.512  kl 25.605',
  );
});

test('what matters least is left out first', () => {
  const at = (width: number): string => progressLine(progress, width).replace(/^\[=* *\] {2}/, '');
  const [epoch, rest] = [
    'epoch 3/10  ',
    'step 1,234/4,690  ETA 0:14  31,204 examples/s  loss 106.12',
  ];
  expect(at(107)).toBe(`${rest}  reconstruction 80.512  kl 25.605`);
  expect(at(81)).toBe(epoch + rest);
  expect(at(59)).toBe('step 1,234/4,690  ETA 0:14  loss 106.12');
  expect(at(32)).toBe('step 1,234/4,690  loss 106.12');
  expect(at(10)).toBe('step 1,234');
});

test('the speed is left out until it is known', () => {
  expect(progressLine({ ...progress, examplesPerSec: undefined }, 140)).not.toContain('examples/s');
});

test('before the first step there is no ETA', () => {
  expect(progressLine({ ...progress, remainingSec: undefined }, 140)).toContain('ETA -:--');
});

test('a finished bar is full', () => {
  expect(progressLine({ ...progress, step: 4_690 }, 140)).toContain(`[${'='.repeat(30)}]`);
});

test('no width is ever exceeded', () => {
  fc.assert(
    fc.property(fc.nat(200), fc.nat(5_000), (width, step) => {
      expect(progressLine({ ...progress, step }, width).length).toBeLessThanOrEqual(width);
    }),
  );
});

test('data that is read shows how much of it is', () => {
  expect(spoolLine(0.5, 60)).toBe(`[${'='.repeat(15)}${' '.repeat(15)}]  50% of the data read`);
  expect(spoolLine(0.999, 20)).toBe('99% of the data read');
  expect(spoolLine(1, 9)).toBe('100% of t');
});

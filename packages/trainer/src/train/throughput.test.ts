import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Throughput } from './throughput.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

it('counts neither the time before the first round, nor its examples, nor pauses', () => {
  const throughput = new Throughput();
  const after = (ms: number, examples: number): void => {
    vi.advanceTimersByTime(ms);
    throughput.add(examples);
  };
  throughput.resume();
  after(3000, 100); // Loading and compiling.
  expect(throughput.examplesPerSec).toBeUndefined();
  after(1, 100);
  after(248, 50);
  expect(throughput.examplesPerSec).toBeUndefined();
  after(751, 50);
  expect(throughput.examplesPerSec).toBe(200);
  throughput.pause();
  vi.advanceTimersByTime(10_000); // Evaluation.
  throughput.resume();
  after(1000, 600);
  expect(throughput.examplesPerSec).toBe(400);
  throughput.pause();
  expect(throughput.examplesPerSec).toBe(400);
});

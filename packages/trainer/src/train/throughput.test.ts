import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Throughput } from './throughput.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

it('counts neither the time before the first round, nor its images, nor pauses', () => {
  const throughput = new Throughput();
  const after = (ms: number, images: number): void => {
    vi.advanceTimersByTime(ms);
    throughput.add(images);
  };
  throughput.resume();
  after(3000, 100); // Loading and compiling.
  expect(throughput.imagesPerSec).toBe(0);
  after(500, 100);
  after(500, 100);
  expect(throughput.imagesPerSec).toBe(200);
  throughput.pause();
  vi.advanceTimersByTime(10_000); // Evaluation.
  throughput.resume();
  after(1000, 600);
  expect(throughput.imagesPerSec).toBe(400);
  throughput.pause();
  expect(throughput.imagesPerSec).toBe(400);
});

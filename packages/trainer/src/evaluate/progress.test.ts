import { expect, it } from 'vitest';
import { ProgressTeller, type EvaluationEvent } from './progress.ts';

function tell(what: (teller: ProgressTeller) => void): EvaluationEvent[] {
  const events: EvaluationEvent[] = [];
  what(new ProgressTeller((event) => events.push(event)));
  return events;
}

it('what compares many wide rows says so, by how much each worker has of it', () => {
  const wide = { queries: 10_000, points: 10_000, dim: 512 };
  const slow = (comparison: typeof wide, workers: number): EvaluationEvent[] =>
    tell((teller) => {
      teller.begin();
      teller.begin('mutual-information');
      teller.compare(comparison, workers);
    }).slice(2);
  expect(slow(wide, 2)).toEqual([{ event: 'slow', metric: 'mutual-information', ...wide }]);
  expect(slow(wide, 16)).toEqual([]);
  expect(slow({ ...wide, dim: 32 }, 1)).toEqual([]);
});

it('counts the parts: the loss, then metric by metric', () => {
  const events = tell((teller) => {
    teller.begin();
    teller.expect(2);
    teller.begin('mse');
    teller.tell('quality', 3, 8);
  });
  expect(events).toEqual([
    { event: 'progress', part: 1, parts: 1, work: '', done: 0, total: 0 },
    { event: 'progress', metric: 'mse', part: 2, parts: 3, work: '', done: 0, total: 0 },
    { event: 'progress', metric: 'mse', part: 2, parts: 3, work: 'quality', done: 3, total: 8 },
  ]);
});

it('nobody has to listen', () => {
  const teller = new ProgressTeller(undefined);
  teller.begin();
  teller.compare({ queries: 1e6, points: 1e6, dim: 1 }, 1);
});

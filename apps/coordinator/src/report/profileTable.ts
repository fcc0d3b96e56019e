/** Where the time went: one row a worker, seconds and the share of its whole. */
import type { ProfileEvent, WorkerProfile } from '@lockstep/protocol';
import { formatCount, plural } from './format.ts';
import { renderTable } from './table.ts';

const COLUMNS = ['gather', 'compute', 'wait', 'update'] as const;

export function profileTable({ steps, workers }: ProfileEvent): string {
  const seconds = workers.map(secondsOf);
  const total = COLUMNS.map((_, i) => seconds.reduce((sum, row) => sum + (row[i] ?? 0), 0));
  const rows = workers.map(({ worker, engine, slots }, i) => [
    `worker ${worker}, ${engine}`,
    ...cells(seconds[i] ?? []),
    formatCount(slots),
  ]);
  const slots = workers.reduce((sum, worker) => sum + worker.slots, 0);
  return (
    `Where the time of ${plural(steps, 'step')} went:\n` +
    renderTable([...rows, ['all', ...cells(total), formatCount(slots)]], {
      head: ['', ...COLUMNS, 'slots'],
      align: ['left', 'right', 'right', 'right', 'right', 'right'],
    })
  );
}

function secondsOf(profile: WorkerProfile): readonly number[] {
  return [profile.gatherSec, profile.computeSec, profile.waitSec, profile.updateSec];
}

function cells(seconds: readonly number[]): string[] {
  const whole = seconds.reduce((sum, value) => sum + value, 0);
  return seconds.map((value) => {
    const percent = whole > 0 ? (100 * value) / whole : 0;
    return `${value.toFixed(2)} s ${percent.toFixed(1).padStart(5)}%`;
  });
}

/** For the thread that loads: it may not block, so it waits here before it fills a batch. */
import type { Dataset } from '../dataset.ts';
import { DataError } from '../errors.ts';
import { WindowControl } from './windowControl.ts';

/**
 * Resolves when the examples at positions [start, start + count) of a dataset that is passed through in order
 * are in memory; at once where all are. Throws the DataError that stopped their loading.
 * @param count no more than the `stepRows` that the data was loaded for
 */
export async function whenPresent(
  { memory, windows }: Dataset,
  start: number,
  count: number,
): Promise<void> {
  if (!windows || count === 0) return;
  const control = new WindowControl(memory, windows.controlOffset);
  const { windowRows } = windows.plan;
  const last = Math.floor((start + count - 1) / windowRows);
  for (let window = Math.floor(start / windowRows); window <= last; window++) {
    await control.present(window, (details) => new DataError(details));
  }
}

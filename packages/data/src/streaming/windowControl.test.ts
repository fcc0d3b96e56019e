import { afterEach, expect, it, vi } from 'vitest';
import { CONTROL_BYTES, WindowControl } from './windowControl.ts';

function controls(): { readonly worker: WindowControl; readonly loader: WindowControl } {
  const pages = Math.ceil(CONTROL_BYTES / 65536);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  return { worker: new WindowControl(memory, 0), loader: new WindowControl(memory, 0) };
}

const fail = (): Error => new Error('the loader has failed');

/** Loads all that is to be loaded: which windows those were. */
function loadAll(loader: WindowControl): number[] {
  const loaded: number[] = [];
  for (let next = loader.beginLoad(); next !== undefined; next = loader.beginLoad()) {
    loader.endLoad(next);
    loaded.push(next);
    if (loaded.length > 10) throw new Error(`there is no end to it: ${loaded.join(' ')}`);
  }
  return loaded;
}

/** Asks for a window that is there already, or is loaded meanwhile. */
function ask(
  { worker, loader }: ReturnType<typeof controls>,
  window: number,
  follows = true,
): number[] {
  const loaded: number[] = [];
  // In one thread nobody may wait: the loader acts where the worker would.
  const wait = vi.spyOn(Atomics, 'wait').mockImplementation(() => {
    loaded.push(...loadAll(loader));
    return 'ok';
  });
  expect(worker.acquire(window, follows, fail)).toBe(window % 3);
  wait.mockRestore();
  return [...loaded, ...loadAll(loader)];
}

afterEach(() => {
  vi.restoreAllMocks();
});

it('reads each window once, the next while one is in use', () => {
  const both = controls();
  const loaded = Array.from({ length: 7 }, (_, i) => ask(both, 4 + i));
  expect(loaded).toEqual([[4, 5], [6], [7], [8], [9], [10], [11]]);
});

it('reads nothing again for those of a step that lies across two windows, in whatever order', () => {
  const both = controls();
  expect([5, 6, 5, 6, 5, 7, 6, 7].map((window) => ask(both, window))).toEqual([
    [5, 6],
    [7],
    ...[[], [], []],
    [8],
    ...[[], []],
  ]);
});

it('reads what comes first where more than one is wanted', () => {
  const both = controls();
  ask(both, 8, false);
  expect(ask(both, 0)).toEqual([0, 1]);
});

it('reads nothing behind the last', () => {
  const both = controls();
  expect(ask(both, 4, false)).toEqual([4]);
});

it('takes nothing away from a worker that comes back to it just then', () => {
  const both = controls();
  ask(both, 0);
  const { worker, loader } = both;
  worker.acquire(1, true, fail); // wants 2, and it comes
  loadAll(loader);
  worker.acquire(2, true, fail); // wants 3 in the place of 0
  const { store } = Atomics;
  let cameBack = false;
  vi.spyOn(Atomics, 'store').mockImplementation((array, index, value) => {
    const stored = (store as (a: typeof array, i: number, v: typeof value) => typeof value)(
      array,
      index,
      value,
    );
    if (Number(value) === 0 && !cameBack) {
      cameBack = true;
      vi.spyOn(Atomics, 'wait').mockImplementation(() => {
        throw new Error('waits');
      });
      expect(() => worker.acquire(0, false, fail)).toThrow('waits');
    }
    return stored;
  });
  expect(loader.beginLoad()).toBeUndefined();
  expect(cameBack).toBe(true);
  vi.restoreAllMocks();
  expect(worker.acquire(0, false, fail)).toBe(0);
});

it('tells who waits why the loader has stopped', () => {
  const { worker, loader } = controls();
  const details = { where: 'a file', expected: 'to read on', got: 'no disk', fix: 'Look.' };
  loader.fail({ code: 'DATA_UNREADABLE', ...details });
  expect(() => worker.acquire(0, true, ({ got }) => new Error(got))).toThrow('no disk');
});

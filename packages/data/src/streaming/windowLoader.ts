/** Reads windows into a dataset's memory as workers come to need them, in the thread that opened the data. */
import type { Dataset } from '../dataset.ts';
import { DataError } from '../errors.ts';
import { blockPurpose, seedKey, shuffleHalfBits } from '../kernels/counter.ts';
import { instantiateKernels, scratchBytes } from '../kernels/kernels.ts';
import { storedBytes } from '../valueType.ts';
import { WindowControl } from './windowControl.ts';
import { examplesOfWindow, rowsOfWindow } from './windowPlan.ts';
import { placesOf, type Place, type Windows } from './windows.ts';

export interface WindowSource {
  /** The values of a part's examples, ascending. */
  read(target: Uint8Array, examples: Uint32Array): Promise<void>;
  readonly labels: Int32Array | undefined;
  /** Of sparse examples: how many entries they have. */
  entries?(examples: Uint32Array): number;
}

export class WindowLoader {
  readonly #dataset: Dataset;
  readonly #windows: Windows;
  readonly #places: readonly Place[];
  readonly #source: WindowSource;
  readonly #control: WindowControl;
  readonly #blockOrder: (epoch: number, place: number, count: number) => Uint32Array;
  readonly #done: Promise<void>;

  constructor(dataset: Dataset, windows: Windows, source: WindowSource) {
    this.#dataset = dataset;
    this.#windows = windows;
    this.#places = placesOf(dataset, windows);
    this.#source = source;
    this.#control = new WindowControl(dataset.memory, windows.controlOffset);
    this.#blockOrder = blockOrderOf(windows);
    this.#done = this.#serve();
  }

  async close(): Promise<void> {
    this.#control.close();
    await this.#done;
  }

  async #serve(): Promise<void> {
    const control = this.#control;
    try {
      for (;;) {
        const heard = control.bell;
        if (control.closed) return;
        const window = control.beginLoad();
        if (window === undefined) await control.listen(heard);
        else await this.#load(window);
      }
    } catch (error) {
      control.fail(detailsOf(error, this.#dataset.source));
    }
  }

  async #load(window: number): Promise<void> {
    const examples = this.#examplesOf(window);
    const place = this.#places[window % this.#places.length];
    if (!place) throw new Error('there is a place for each window');
    const { values, labels, numbers } = place;
    const entries = this.#source.entries?.(examples) ?? 0;
    const rows = { ...this.#dataset, count: examples.length, entries };
    await this.#source.read(values.subarray(0, storedBytes(rows)), examples);
    numbers.set(examples);
    const known = this.#source.labels;
    for (let i = 0; known && i < examples.length; i++) labels[i] = known[examples[i] ?? 0] ?? 0;
    this.#control.endLoad(window);
  }

  #examplesOf(window: number): Uint32Array {
    const { plan, order } = this.#windows;
    if (order === 'sequential') return examplesOfWindow(plan, window, (place) => place);
    const epoch = Math.floor(window / plan.windows);
    const index = window % plan.windows;
    const first = (index * plan.windowRows) / plan.blockRows;
    const blocks = Math.ceil(rowsOfWindow(plan, index) / plan.blockRows);
    const at = this.#blockOrder(epoch, first, blocks);
    return examplesOfWindow(plan, index, (place) => at[place - first] ?? 0);
  }
}

/** Blocks at places of an epoch's order: a shuffle of those that are whole. */
function blockOrderOf({ plan, seed }: Windows) {
  const { count, blockRows, windowRows } = plan;
  const most = windowRows / blockRows;
  const pages = Math.ceil((scratchBytes + 4 * (most + 4)) / 65536);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const kernels = instantiateKernels(memory);
  const [key0, key1] = seedKey(seed);
  const whole = Math.floor(count / blockRows);
  const half = shuffleHalfBits(whole);
  return (epoch: number, place: number, blocks: number): Uint32Array => {
    kernels.shuffle(place, blocks, whole, half, epoch, blockPurpose, key0, key1, 0, scratchBytes);
    return new Uint32Array(memory.buffer, scratchBytes, blocks);
  };
}

function detailsOf(error: unknown, source: string) {
  if (error instanceof DataError) {
    const { code, where, expected, got, fix } = error;
    return { code, where, expected, got, fix };
  }
  return {
    code: 'DATA_UNREADABLE',
    where: source,
    expected: 'to read on',
    got: error instanceof Error ? error.message : String(error),
    fix: 'Check that the data is still there, as it was.',
  } as const;
}

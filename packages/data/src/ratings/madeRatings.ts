/**
 * Ratings whose factors are known, made here, so that recommendations can be measured without any file,
 * and against the best there is. The same everywhere: Philox at (seed 0, purpose `made data`) and + and *
 * alone; the first n users do not depend on how many there are.
 *
 *   taste of a user     t_u ~ N(0, I), of 8 factors
 *   item                w_i: 1 in the factor it belongs to, N(0, 0.3^2) in the others; popularity N(0, 1)
 *   affinity            a_ui = popularity_i + 1.5 t_u . w_i
 *   chosen              the n_u items with the greatest a_ui + N(0, 1.5^2), n_u from 10 to 60
 *
 * Whoever knows all factors ranks by the affinity (`madeAffinities`); no model can be expected to do
 * better, for the rest is chance.
 */
import { madeDataPurpose, seedKey } from '../kernels/counter.ts';
import { distributionCodes, instantiateKernels, scratchBytes } from '../kernels/kernels.ts';
import { sparseSource, type RatingsSource } from './openRatings.ts';
import { sparseRows } from './sparseRows.ts';
import { rowsInMemory } from './userRows.ts';

export type MadePart = 'train' | 'test';

const COUNTS = { train: 10_000, test: 2_000 } as const;
const ITEMS = 1_000;
const FACTORS = 8;
const [LEAST, MOST] = [10, 60];
const [TASTE, CHANCE, OTHERS] = [1.5, 1.5, 0.3];
/** Streams of `made data`, beside those of sprites: items, then tastes, chance and how many, of each part. */
const STREAMS = { items: 2, train: [3, 4, 5], test: [9, 10, 11] } as const;

interface Draw {
  readonly stream: number;
  readonly distribution: keyof typeof distributionCodes;
  readonly first: number;
  readonly count: number;
  /** Values of each example. */
  readonly size: number;
}

function draw({ stream, distribution, first, count, size }: Draw): Float32Array {
  const indices = scratchBytes;
  const out = indices + 16 * Math.ceil(count / 4);
  const pages = Math.ceil((out + 4 * count * size) / 65536);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const kernels = instantiateKernels(memory);
  const index = new Uint32Array(memory.buffer, indices, count);
  for (let i = 0; i < count; i++) index[i] = first + i;
  const [key0, key1] = seedKey(0);
  const code = distributionCodes[distribution];
  kernels.noise(indices, count, size, code, 0, madeDataPurpose(stream), key0, key1, 0, out);
  return new Float32Array(memory.buffer, out, count * size);
}

interface MadeItems {
  readonly popularity: Float64Array;
  /** [ITEMS, FACTORS] */
  readonly factors: Float64Array;
}

function makeItems(): MadeItems {
  const normal = { distribution: 'normal', first: 0, count: ITEMS, size: FACTORS + 1 } as const;
  const drawn = draw({ ...normal, stream: STREAMS.items });
  const popularity = new Float64Array(ITEMS);
  const factors = new Float64Array(ITEMS * FACTORS);
  for (let item = 0; item < ITEMS; item++) {
    popularity[item] = drawn[item * (FACTORS + 1)] ?? 0;
    for (let k = 0; k < FACTORS; k++) {
      const own = item % FACTORS === k;
      factors[item * FACTORS + k] = own ? 1 : OTHERS * (drawn[item * (FACTORS + 1) + k + 1] ?? 0);
    }
  }
  return { popularity, factors };
}

let items: MadeItems | undefined;

/** What each of a user's items is worth to her, without chance. [items] */
function affinities(tastes: Float32Array): Float64Array {
  items ??= makeItems();
  const { popularity, factors } = items;
  const values = new Float64Array(ITEMS);
  for (let item = 0; item < ITEMS; item++) {
    let match = 0;
    for (let k = 0; k < FACTORS; k++) {
      match += (tastes[k] ?? 0) * (factors[item * FACTORS + k] ?? 0);
    }
    values[item] = (popularity[item] ?? 0) + TASTE * match;
  }
  return values;
}

/** The best that can be known of users `first` ... `first + count - 1`: [count, items] */
export function madeAffinities(part: MadePart, first: number, count: number): Float64Array[] {
  const [stream] = STREAMS[part];
  const tastes = draw({ stream, distribution: 'normal', first, count, size: FACTORS });
  return Array.from({ length: count }, (_, i) =>
    affinities(tastes.subarray(i * FACTORS, (i + 1) * FACTORS)),
  );
}

/** Users are named after their number, items too, with the factor they belong to. */
export function openMadeRatings(part: MadePart): RatingsSource {
  const count = COUNTS[part];
  const [, chance, sizes] = STREAMS[part];
  const howMany = draw({ stream: sizes, distribution: 'uniform', first: 0, count, size: 1 });
  const [rows, places]: [number[], number[]] = [[], []];
  const block = 1000;
  for (let first = 0; first < count; first += block) {
    const users = Math.min(block, count - first);
    const luck = draw({ stream: chance, distribution: 'normal', first, count: users, size: ITEMS });
    for (const [i, values] of madeAffinities(part, first, users).entries()) {
      for (let item = 0; item < ITEMS; item++) {
        values[item] = (values[item] ?? 0) + CHANCE * (luck[i * ITEMS + item] ?? 0);
      }
      const u = howMany[first + i] ?? 0;
      const size = LEAST + Math.floor(u * u * (MOST - LEAST + 1));
      const least = values.toSorted()[ITEMS - size] ?? 0;
      values.forEach((value, item) => {
        if (value < least) return;
        rows.push(first + i);
        places.push(item);
      });
    }
  }
  const entries = {
    rows: Uint32Array.from(rows),
    places: Uint32Array.from(places),
    weights: new Float32Array(places.length).fill(1),
  };
  const names = Array.from({ length: ITEMS }, (_, i) => `item ${i} of factor ${i % FACTORS}`);
  return {
    where: 'tastes',
    users: Array.from({ length: count }, (_, i) => `${part} ${i}`),
    leftOut: 0,
    ...sparseSource(rowsInMemory(sparseRows(count, entries)), {
      kind: 'ratings',
      items: names,
      weights: 'one',
    }),
  };
}

/**
 * How data that is larger than its share of memory is passed through it.
 *
 * Examples lie in blocks of neighbours. An epoch takes the blocks in a shuffled order, several at a
 * time, which make a window; within a window examples are shuffled. So an example can meet, in one
 * step, any of those of as many blocks as a window has, and over the epochs any other. The last block
 * may be short: then it comes last, in every epoch. Without shuffling, blocks and examples come as
 * they are.
 *
 *   epoch    | window 0: blocks 17 4 90 | window 1: blocks 2 55 31 | ... | the rest, the short block |
 *
 * Three windows have room in memory: the one in use, its predecessor, of which a step may still need
 * the end, and its successor, which is read meanwhile.
 */
import { DataError } from '../errors.ts';

export const WINDOWS_IN_MEMORY = 3;

/** Short enough that a window has many, long enough that a disk reads them fast. */
const BLOCK_BYTES = 65536;
const LEAST_BLOCKS = 4;
/** Of sparse examples: place and weight. */
const ENTRY_BYTES = 8;

export interface WindowPlan {
  /** Examples of the part. */
  readonly count: number;
  /** Examples of a block, but of the last. */
  readonly blockRows: number;
  /** Examples of a window, but of the last: a multiple of `blockRows`. */
  readonly windowRows: number;
  /** Windows of an epoch. */
  readonly windows: number;
  /** Of sparse examples: the most entries that a window may have. */
  readonly windowEntries?: number;
}

export interface PlanRequest {
  /** For messages. */
  readonly source: string;
  readonly count: number;
  /** Of one example, with its label; without its entries, where it is sparse. */
  readonly rowBytes: number;
  /** Of sparse examples: how many entries each has. */
  sizeOf?(example: number): number;
  readonly memoryBytes: number;
  /** Most examples that a step takes: no more than two windows may have them. */
  readonly stepRows: number;
  /** For messages: the flag by which a step takes fewer, where there is one. */
  readonly stepFlag?: string | undefined;
}

/** Undefined where all of it fits. Throws DATA_MEMORY_LIMIT where not even a step does. */
export function planWindows(request: PlanRequest): WindowPlan | undefined {
  if (request.sizeOf) return planSparse(request, request.sizeOf);
  const { count, rowBytes, memoryBytes, stepRows } = request;
  if (count * rowBytes <= memoryBytes) return undefined;
  const mostRows = Math.floor(memoryBytes / WINDOWS_IN_MEMORY / rowBytes);
  const blockRows = Math.max(
    1,
    Math.min(Math.floor(BLOCK_BYTES / rowBytes), Math.floor(mostRows / LEAST_BLOCKS)),
  );
  const windowRows = Math.floor(mostRows / blockRows) * blockRows;
  if (windowRows < Math.min(stepRows, count)) {
    throw tooLittle(request, WINDOWS_IN_MEMORY * stepRows * rowBytes);
  }
  return { count, blockRows, windowRows, windows: Math.ceil(count / windowRows) };
}

/** A window has room for whichever blocks meet in it: so many as the largest of them fit. */
function planSparse(
  request: PlanRequest,
  sizeOf: (example: number) => number,
): WindowPlan | undefined {
  const { count, rowBytes, memoryBytes, stepRows } = request;
  let entries = 0;
  for (let example = 0; example < count; example++) entries += sizeOf(example);
  const bytes = count * rowBytes + ENTRY_BYTES * entries;
  if (bytes <= memoryBytes) return undefined;
  const placeBytes = memoryBytes / WINDOWS_IN_MEMORY;
  const blockBytes = Math.min(BLOCK_BYTES, placeBytes / LEAST_BLOCKS);
  const blockRows = Math.max(1, Math.floor((blockBytes * count) / bytes));
  const sizes = new Float64Array(Math.ceil(count / blockRows));
  for (let example = 0; example < count; example++) {
    const block = Math.floor(example / blockRows);
    sizes[block] = (sizes[block] ?? 0) + sizeOf(example);
  }
  sizes.sort().reverse();
  const bytesOf = (size: number): number => blockRows * rowBytes + ENTRY_BYTES * size;
  let [blocks, used, windowEntries] = [0, 0, 0];
  for (const size of sizes) {
    used += bytesOf(size);
    if (used > placeBytes) break;
    windowEntries += size;
    blocks++;
  }
  const windowRows = blocks * blockRows;
  if (windowRows < Math.min(stepRows, count)) {
    const needed = sizes.subarray(0, Math.ceil(stepRows / blockRows)).map(bytesOf);
    throw tooLittle(request, WINDOWS_IN_MEMORY * needed.reduce((a, b) => a + b));
  }
  return { count, blockRows, windowRows, windows: Math.ceil(count / windowRows), windowEntries };
}

/** Examples of window `index` of an epoch. */
export function rowsOfWindow({ count, windowRows }: WindowPlan, index: number): number {
  return Math.min(windowRows, count - index * windowRows);
}

/**
 * Which examples window `index` has, ascending.
 * @param blockAt the block at a place of the epoch's order, of those that are whole
 */
export function examplesOfWindow(
  plan: WindowPlan,
  index: number,
  blockAt: (place: number) => number,
): Uint32Array {
  const { count, blockRows, windowRows } = plan;
  const wholeBlocks = Math.floor(count / blockRows);
  const rows = rowsOfWindow(plan, index);
  const firstPlace = (index * windowRows) / blockRows;
  const blocks = Array.from({ length: Math.ceil(rows / blockRows) }, (_, i) => {
    const place = firstPlace + i;
    return place < wholeBlocks ? blockAt(place) : place;
  }).sort((a, b) => a - b);
  const examples = new Uint32Array(rows);
  let at = 0;
  for (const block of blocks) {
    const end = Math.min((block + 1) * blockRows, count);
    for (let example = block * blockRows; example < end; example++) examples[at++] = example;
  }
  return examples;
}

function tooLittle(
  { source, stepRows, stepFlag, memoryBytes }: PlanRequest,
  needed: number,
): DataError {
  const amount = (bytes: number): string =>
    bytes < 2 ** 20 ? `${(bytes / 2 ** 10).toFixed(1)} KiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  return new DataError({
    code: 'DATA_MEMORY_LIMIT',
    where: source,
    expected: `memory for three times the ${stepRows} examples of a step, ${amount(needed)}`,
    got: `${amount(memoryBytes)} for this part`,
    fix: `Raise --memory-limit${stepFlag === undefined ? '' : `, or lower ${stepFlag}`}.`,
  });
}

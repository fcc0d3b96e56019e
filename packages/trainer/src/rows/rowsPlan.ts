/**
 * How a pass over many examples is cut: a function of the data and of what the caller asked for, never of
 * how many workers there are.
 *
 *   run    one draw of one piece of the rows: what the caller is handed at once. Of each piece all draws
 *          come one after another
 *   block  all of a run; where data is streamed, as much of it as fits the windows in memory
 *   task   one micro-batch of a block, which one worker computes
 */
export interface RowsPlan {
  readonly examples: number;
  readonly draws: number;
  readonly microBatch: number;
  /** Rows of a piece, but of the last. */
  readonly pieceRows: number;
  readonly pieces: number;
  /** Rows of a block, but of a piece's last. */
  readonly blockRows: number;
  /** Of each run. */
  readonly blocks: number;
  /** Of each block; some of a shorter one are of no rows. */
  readonly tasks: number;
}

export interface RowsRequest {
  readonly examples: number;
  readonly draws: number;
  readonly microBatch: number;
  /** About so many rows in a piece, fewer where they are streamed and drawn more than once. Default: all. */
  readonly pieceRows?: number | undefined;
  /** Of streamed data. */
  readonly windowRows?: number | undefined;
}

/** Examples first ... first + count - 1. */
export interface Piece {
  readonly first: number;
  readonly count: number;
  /** From 0. */
  readonly draw: number;
}

/** Positions start ... start + count - 1 of the data. */
export interface RowsTask {
  readonly start: number;
  /** 0: nothing is to be done. */
  readonly count: number;
  readonly draw: number;
  /** Where the first row lies among those that are kept. */
  readonly place: number;
}

export function planRows(request: RowsRequest): RowsPlan {
  const { examples, draws, windowRows = Infinity } = request;
  const microBatch = Math.min(request.microBatch, examples, windowRows);
  const whole = (rows: number): number => Math.ceil(rows / microBatch) * microBatch;
  const fitting = Math.floor(windowRows / microBatch) * microBatch;
  // So that a window is read once for all draws.
  const most = draws > 1 && request.pieceRows !== undefined ? fitting : examples;
  const pieceRows = Math.min(whole(request.pieceRows ?? examples), most, examples);
  const blockRows = Math.min(pieceRows, fitting);
  return {
    ...{ examples, draws, microBatch, pieceRows, blockRows },
    pieces: Math.ceil(examples / pieceRows),
    blocks: Math.ceil(pieceRows / blockRows),
    tasks: Math.ceil(blockRows / microBatch),
  };
}

/** Pieces that have a place in memory: the workers fill one while the other is handed on. */
export const placesOf = ({ pieces, draws }: RowsPlan): number => Math.min(2, pieces * draws);

/** Blocks of all runs. */
export const blockCount = ({ pieces, draws, blocks }: RowsPlan): number => pieces * draws * blocks;

/** What a run, numbered from 0, hands on, and where that lies among the rows that are kept. */
export function pieceOf(plan: RowsPlan, run: number): Piece & { readonly place: number } {
  const { draws, examples, pieceRows } = plan;
  const first = Math.floor(run / draws) * pieceRows;
  const count = Math.min(pieceRows, examples - first);
  return { first, count, draw: run % draws, place: (run % placesOf(plan)) * pieceRows };
}

/** Task `index` of a block, the blocks being numbered through all runs. */
export function taskOf(plan: RowsPlan, block: number, index: number): RowsTask {
  const { blocks, blockRows, microBatch } = plan;
  const { first, count, draw, place } = pieceOf(plan, Math.floor(block / blocks));
  const offset = (block % blocks) * blockRows + index * microBatch;
  const end = Math.min(count, ((block % blocks) + 1) * blockRows);
  return {
    start: first + offset,
    count: Math.max(0, Math.min(microBatch, end - offset)),
    draw,
    place: place + offset,
  };
}

/**
 * How anomalous a model finds examples, in nats, from K draws of z ~ q(z | x) for each:
 *
 *   elbo   the mean of -log p(x | z) + KL(q(z | x) || p(z)): the negative ELBO. An, Cho: "Variational
 *          Autoencoder based Anomaly Detection using Reconstruction Probability" (2015), with the KL
 *   iw     -log (1 / K sum w), w = p(x | z) p(z) / q(z | x): Burda, Grosse, Salakhutdinov: "Importance
 *          Weighted Autoencoders" (2016), eq. 8; nearer to -log p(x) the larger K is
 */
import { LogMeanExp } from '@lockstep/core/metrics';
import type { RowsByOutput } from '../../rows/mapRows.ts';
import type { TrainedModel, UseData } from '../openTrained.ts';

export const ANOMALY_SCORES = ['elbo', 'iw'] as const;
export type AnomalyScore = (typeof ANOMALY_SCORES)[number];

/** What a score depends on beside the model: the same give the same scores, bit for bit. */
export interface ScoreSettings {
  readonly score: AnomalyScore;
  /** Draws of z for each example. */
  readonly draws: number;
  /** Of the noise. */
  readonly seed: number;
}

export const DEFAULT_DRAWS: Readonly<Record<AnomalyScore, number>> = { elbo: 8, iw: 64 };

const FUNCTIONS = { elbo: 'negativeElbo', iw: 'logWeight' } as const;
/** Rows of outputs that are kept at a time. */
const PIECE_ROWS = 16_384;

/** @throws RunError where the model has no such function */
export function requireScore(trained: TrainedModel, score: AnomalyScore): void {
  trained.require(FUNCTIONS[score]);
}

/** One score for each example: 8 bytes of memory, whatever an example's size. [examples] */
export async function scoreExamples(
  trained: TrainedModel,
  data: UseData,
  { score, draws, seed }: ScoreSettings,
): Promise<Float64Array> {
  const scores = new Float64Array(data.info.count);
  let piece = newPiece(score, 0);
  await trained.map(FUNCTIONS[score], data, {
    pieceRows: PIECE_ROWS,
    draws,
    seed,
    onRows: (rows, { first, count, draw }) => {
      if (draw === 0) piece = newPiece(score, count);
      piece.add(rows);
      if (draw === draws - 1) scores.set(piece.scores(), first);
    },
  });
  return scores;
}

interface PieceScores {
  add(rows: RowsByOutput): void;
  scores(): Float64Array;
}

function newPiece(score: AnomalyScore, count: number): PieceScores {
  if (score === 'elbo') {
    const mean = new MeanRows(count);
    return { add: (rows) => mean.add(valuesOf(rows, 'loss')), scores: () => mean.values() };
  }
  const bound = new LogMeanExp(count);
  return {
    add: (rows) => bound.add(valuesOf(rows, 'logWeight')),
    scores: () => bound.values().map((value) => -value),
  };
}

/** Means over draws that come one after another. */
export class MeanRows {
  readonly #sums: Float64Array;
  #draws = 0;

  constructor(length: number) {
    this.#sums = new Float64Array(length);
  }

  add(values: ArrayLike<number>): void {
    this.#draws += 1;
    for (let i = 0; i < values.length; i++) this.#sums[i] = (this.#sums[i] ?? 0) + (values[i] ?? 0);
  }

  values(): Float64Array {
    return this.#sums.map((sum) => sum / this.#draws);
  }
}

export function valuesOf(rows: RowsByOutput, output: string): Float32Array | Float64Array {
  const found = rows[output];
  if (!found) throw new Error(`no output ${output}`);
  return found.data;
}

/**
 * Items for users, the likeliest that they do not have: the command `recommend`. Needs a model with the
 * function `scores`, trained on ratings (preset `recommend`).
 * How good they are: `evaluate/ranking.ts`.
 */
import { topItems } from '@lockstep/core/metrics';
import type { Dataset } from '@lockstep/data';
import {
  rowsToDataset,
  rowItems,
  rowPieces,
  userPosition,
  type RatingRows,
  type RowsPiece,
  type SparseRows,
} from '@lockstep/data/ratings';
import {
  itemCounts,
  judgeRanking,
  scorePieces,
  type Ranking,
  type TakeScores,
} from '../evaluate/ranking.ts';
import { createTable } from '../results/resultTable.ts';
import { writeTogether } from '../run/fileSet.ts';
import type { ResultColumn } from '../results/tableFormat.ts';
import type { Noticed } from './notices.ts';
import { wrongKind } from './kindsOfUses.ts';
import type { TrainedModel, UseData } from './openTrained.ts';
import { checkOptions, type RecommendOptions } from './recommendOptions.ts';
import { openUseData } from './useData.ts';
import { withTrained } from './withTrained.ts';

export interface Recommendation {
  readonly user: string;
  /** From 1. */
  readonly rank: number;
  readonly item: string;
  /** The higher the likelier; a logit, comparable for one user alone. */
  readonly score: number;
}

export interface RecommendResult extends Noticed {
  /** Path of the checkpoint. */
  readonly checkpoint: string;
  readonly step: number;
  readonly source: string;
  readonly users: number;
  readonly items: number;
  readonly top: number;
  /** Of the one user that was asked for. */
  readonly recommendations?: readonly Recommendation[];
  readonly evaluation?: Ranking;
  readonly files: readonly { readonly kind: 'recommendations'; readonly path: string }[];
}

const COLUMNS: readonly ResultColumn[] = [
  { name: 'user', type: 'string' },
  { name: 'rank', type: 'int32' },
  { name: 'item', type: 'string' },
  { name: 'score', type: 'float32' },
];
/** @throws ConfigError, DataError, RunError; as `openTrained` */
export async function recommendRun(
  run: string,
  options: RecommendOptions,
): Promise<RecommendResult> {
  const {
    out,
    user,
    top = 10,
    evaluate = options.data === undefined && user === undefined,
  } = options;
  checkOptions(options, evaluate);
  return withTrained(run, options, async (trained) => {
    const items = itemsOf(trained);
    trained.require('scores');
    const { users, ...chosen } = await ratingsOf(trained, options);
    const { data } = chosen;
    const evaluation = evaluate ? await judge(trained, chosen) : undefined;
    const listed = { items, users, top: Math.min(top, items.length) };
    const own: Recommendation[] = [];
    if (user !== undefined || out !== undefined) {
      await writeTogether(async (files) => {
        const table = out === undefined ? undefined : await createTable(out, COLUMNS, files);
        const take = async (found: readonly Recommendation[]): Promise<void> => {
          if (user !== undefined) own.push(...found);
          await table?.append(columnsOf(found));
        };
        await list(trained, { ...chosen, ...listed, take });
        await table?.finish();
      });
    }
    const { checkpoint, step } = trained;
    return {
      checkpoint,
      step,
      source: data.info.source,
      users: users.length,
      items: items.length,
      top: listed.top,
      ...(user !== undefined && { recommendations: own }),
      ...(evaluation && { evaluation }),
      files: out === undefined ? [] : [{ kind: 'recommendations', path: out }],
    };
  });
}

interface Ratings {
  readonly data: UseData;
  readonly ratings: RatingRows;
  /** Of one user alone: where she is among all. */
  readonly positions: Uint32Array | undefined;
  /** See `rowsToDataset`. */
  toDataset(rows: SparseRows): Dataset;
}

interface Listing extends Ratings {
  readonly items: readonly string[];
  readonly users: readonly string[];
  readonly top: number;
  take(list: readonly Recommendation[]): Promise<void>;
}

/** What users do not have, the likeliest first. */
async function list(
  trained: TrainedModel,
  { items, users, top, take, ...chosen }: Listing,
): Promise<void> {
  for await (const piece of rowPieces(chosen.ratings, chosen.positions)) {
    await eachUser(trained, chosen, piece, async (row, scores) => {
      const found = scores.flatMap((values, i) =>
        Array.from(topItems(values, top, rowItems(piece.rows, row + i)), (item, rank) => ({
          user: users[piece.first + row + i] ?? '',
          rank: rank + 1,
          item: items[item] ?? '',
          score: values[item] ?? NaN,
        })),
      );
      await take(found);
    });
  }
}

async function judge(trained: TrainedModel, chosen: Ratings): Promise<Ranking> {
  const { ratings: train } = await trained.own('train');
  if (!train) throw wrongKind('recommend', trained);
  return judgeRanking(chosen.ratings, {
    where: chosen.data.info.source,
    popularity: await itemCounts(train, itemsOf(trained).length),
    eachUser: (shown, take) => eachUser(trained, chosen, shown, take),
  });
}

/** The scores of all items for the users of a piece, some at a time. */
async function eachUser(
  trained: TrainedModel,
  { ratings, positions, toDataset }: Ratings,
  { first, rows }: RowsPiece,
  take: TakeScores,
): Promise<void> {
  const dataset = toDataset(rows);
  const users = positions?.length ?? ratings.count;
  const onRound = (done: number, total: number): void =>
    trained.tell(first + Math.floor((dataset.count * done) / total), users, 'users');
  const shown: UseData = { info: dataset, labels: undefined, load: () => Promise.resolve(dataset) };
  await trained.map('scores', shown, {
    ...scorePieces(itemsOf(trained).length, take),
    onRound,
  });
}

/** All users of the data, or the one that is asked for. */
async function ratingsOf(trained: TrainedModel, options: RecommendOptions) {
  const data = await openUseData(trained, options);
  const { users, ratings } = data;
  if (!ratings || !users) throw wrongKind('recommend', trained);
  const { user } = options;
  const chosen = { data, ratings, toDataset: rowsToDataset(await data.load()) };
  if (user === undefined) return { ...chosen, users, positions: undefined };
  const position = userPosition({ where: data.info.source, users }, user);
  return { ...chosen, users: [user], positions: Uint32Array.of(position) };
}

function itemsOf(trained: TrainedModel): readonly string[] {
  const { format } = trained;
  if (format.kind !== 'ratings') throw wrongKind('recommend', trained);
  return format.items;
}

function columnsOf(list: readonly Recommendation[]) {
  return [
    list.map(({ user }) => user),
    Int32Array.from(list, ({ rank }) => rank),
    list.map(({ item }) => item),
    Float32Array.from(list, ({ score }) => score),
  ];
}

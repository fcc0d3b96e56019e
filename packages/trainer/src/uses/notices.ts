/** What somebody who uses a model should know beside the result: nothing is wrong, but it may not mean what it seems. */
import type { ColumnCells } from '@lockstep/data';
import type { PassedOver } from '@lockstep/data/ratings';

/** `text` says it all in a sentence or two; the rest is for programs. */
export type Notice = { readonly text: string } & (
  | { readonly code: 'NOTICE_DATA' }
  | {
      /** Values that training did not see, and that count as missing. */
      readonly code: 'NOTICE_UNSEEN_VALUES';
      readonly column: string;
      readonly cells: number;
      readonly first: ColumnCells['firstUnseen'];
    }
  | {
      /** A column that is missing where it was not in training. */
      readonly code: 'NOTICE_MOSTLY_MISSING';
      readonly column: string;
      /** Of the rows. */
      readonly share: number;
      readonly trainedShare: number;
    }
  | ({
      /** Ratings of items that training did not see, and that are passed over. */
      readonly code: 'NOTICE_UNKNOWN_ITEMS';
    } & PassedOver)
  | {
      /** Labels, none of which was said to be normal. */
      readonly code: 'NOTICE_ALL_NORMAL';
      readonly labels: readonly { readonly label: string; readonly examples: number }[];
    }
  | {
      /** Examples that the threshold was fitted to. */
      readonly code: 'NOTICE_FITTED_ON_THESE';
      readonly source: string;
      /** Of the run's own data. */
      readonly part?: string;
    }
  | {
      /** Characters of a text given that training did not see. */
      readonly code: 'NOTICE_UNKNOWN_CHARACTERS';
      readonly where: string;
      readonly characters: readonly string[];
    }
  | {
      /** A text given that is longer than what the model takes. */
      readonly code: 'NOTICE_TEXT_CUT';
      readonly where: string;
      readonly tokens: number;
      readonly most: number;
    }
);

export interface Noticed {
  /** Absent where there is nothing to know. */
  readonly notices?: readonly Notice[];
}

/** A column is mostly missing from so large a share of the rows on, */
const MOSTLY = 0.5;
/** and where that is so much more than in training. */
const MORE = 0.25;

export function cellNotices(cells: readonly ColumnCells[]): Notice[] {
  return [...cells.flatMap(unseenNotice), ...cells.flatMap(missingNotice)];
}

function unseenNotice({ column, unseen, firstUnseen: first }: ColumnCells): Notice[] {
  if (unseen === 0) return [];
  const named = first.map(({ row, value }) => `row ${row} ${JSON.stringify(value)}`).join(', ');
  const values = unseen === 1 ? '1 value is' : `${unseen} values are`;
  const text = `Column "${column}": ${values} none that training saw, and taken as missing: ${named}${andMore(unseen - first.length)}.`;
  return [{ code: 'NOTICE_UNSEEN_VALUES', text, column, cells: unseen, first }];
}

/** Ratings that nothing is known of, and users who are left with none. */
export function passedOverNotice(passedOver: PassedOver): Notice {
  const { ratings, items, firstItems, users, firstUsers } = passedOver;
  const first = firstItems.map(({ item, row }) => `${JSON.stringify(item)} (row ${row})`);
  const named = first.join(', ') + andMore(items - first.length);
  const passed = `${ratings} ${ratings === 1 ? 'rating is' : 'ratings are'} passed over`;
  const text = `${passed}, of ${count(items, 'item')} that training did not see: ${named}.`;
  const empty =
    `${count(users, 'user')} ${users === 1 ? 'has' : 'have'} no others, so results are those of an empty history: ` +
    `${firstUsers.map((name) => JSON.stringify(name)).join(', ')}${andMore(users - firstUsers.length)}.`;
  return {
    code: 'NOTICE_UNKNOWN_ITEMS',
    text: users > 0 ? `${text} ${empty}` : text,
    ...passedOver,
  };
}

const count = (number: number, what: string): string =>
  `${number} ${what}${number === 1 ? '' : 's'}`;
const andMore = (number: number): string => (number > 0 ? ` and ${number} more` : '');

/** Where the file has no such column that is said already. */
function missingNotice({ column, isThere, rows, missing, trainedMissing }: ColumnCells): Notice[] {
  const share = missing / rows;
  if (!isThere || trainedMissing === undefined) return [];
  if (!(share >= MOSTLY && share - trainedMissing >= MORE)) return [];
  const text =
    `Column "${column}" is missing in ${percent(share)} of the rows, in training in ${percent(trainedMissing)}: ` +
    'what is missing tells nothing and adds nothing to a loss or a score.';
  const shares = { share, trainedShare: trainedMissing };
  return [{ code: 'NOTICE_MOSTLY_MISSING', text, column, ...shares }];
}

/** Whole where it is, else with a decimal, never rounded to all or nothing. */
function percent(share: number): string {
  const tenths = Math.round(1000 * share);
  const kept = share > 0 && share < 1 ? Math.min(999, Math.max(1, tenths)) : tenths;
  return `${kept % 10 === 0 ? kept / 10 : (kept / 10).toFixed(1)}%`;
}

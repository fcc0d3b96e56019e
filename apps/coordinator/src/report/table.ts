/** Plain aligned columns: they survive narrow terminals, pipes and any character set. */
import { default as Table } from 'cli-table3';

export interface TableOptions {
  readonly head?: readonly string[];
  readonly align?: readonly ('left' | 'right')[];
}

const BARE = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '' },
  middle: '  ',
};

/** Ends in a line feed. */
export function renderTable(
  rows: readonly (readonly string[])[],
  options: TableOptions = {},
): string {
  const { head = [], align = [] } = options;
  const table = new Table({
    head: [...head],
    colAligns: [...align],
    chars: BARE,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => `  ${line}`.trimEnd() + '\n')
    .join('');
}

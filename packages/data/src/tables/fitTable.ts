/**
 * Scaling, from the training part alone: mean and standard deviation of each numeric column's values, of
 * their logarithms where it is a `log` column, of the days of dates. Sums are taken row after row in the
 * order of the file from additions, multiplications and one square root, so they are the same bits on
 * every machine.
 */
import type { NumberSummary } from './columnSummary.ts';
import type { Inspected, InspectedColumn } from './inspectTable.ts';
import { symmetricLog } from './log1p.ts';
import type { Reading, TableReader } from './tableBlock.ts';
import type { LearnedColumn, TableColumn, TableFormat } from './tableFormat.ts';
import { notANumber } from './tableErrors.ts';

/** More digits than this are those of a computation, not of what was measured. */
const mostDecimals = 9;

export interface FitOptions {
  readonly reader: TableReader;
  readonly inspected: Inspected;
  readonly decimal: '.' | ',';
  readonly missing: readonly string[];
  /** Ascending positions; undefined: all rows. */
  readonly train: Uint32Array | undefined;
}

export interface FittedTable {
  readonly format: TableFormat;
  /** What the user should know. */
  readonly notes: readonly string[];
}

class Spread {
  #count = 0;
  #shift = 0;
  #sum = 0;
  #squares = 0;

  add(value: number): void {
    if (this.#count === 0) this.#shift = value;
    this.#count++;
    const d = value - this.#shift;
    this.#sum += d;
    this.#squares += d * d;
  }

  get mean(): number {
    return this.#count === 0 ? 0 : this.#shift + this.#sum / this.#count;
  }

  /** 1 where all values are the same. */
  get deviation(): number {
    const mean = this.#sum / this.#count;
    const variance = this.#squares / this.#count - mean * mean;
    return variance > 1e-12 * (this.#squares / this.#count) ? Math.sqrt(variance) : 1;
  }

  get isConstant(): boolean {
    return !(this.#squares > 0);
  }
}

export async function fitTable(options: FitOptions): Promise<FittedTable> {
  const { reader, inspected, decimal, missing, train } = options;
  const spreads = inspected.columns.map(({ kind: { kind } }) =>
    kind === 'numeric' || kind === 'log' || kind === 'date' ? new Spread() : undefined,
  );
  const readings = inspected.columns.map(readingOf);
  let next = 0;
  if (spreads.some(Boolean)) {
    await reader.scan({
      readings,
      misfit: ({ line, column, text }) => {
        throw notANumber(
          { where: reader.where, row: line, column: reader.names[column] ?? '' },
          text,
          decimal,
        );
      },
      take: ({ rows, first, columns }) => {
        const chosen = train && chooseRows(train, next, first, rows);
        next += chosen?.length ?? 0;
        spreads.forEach((spread, c) => {
          const values = columns[c];
          if (!spread || !values) return;
          const isLog = inspected.columns[c]?.kind.kind === 'log';
          const count = chosen ? chosen.length : rows;
          for (let i = 0; i < count; i++) {
            const value = values[chosen ? (chosen[i] as number) : i] as number;
            if (value === value) spread.add(isLog ? symmetricLog(value) : value);
          }
        });
      },
    });
  }
  const columns = inspected.columns.map((column, c) =>
    tableColumn(column, spreads[c] ?? new Spread(), reader.decimals[c] ?? 0),
  );
  return {
    format: { kind: 'table', columns, header: reader.header, decimal, missing },
    notes: columns
      .filter((_, c) => spreads[c]?.isConstant)
      .map(({ name }) => `Column "${name}" is constant in the training part, so it is not scaled.`),
  };
}

function readingOf({ kind: { kind }, order = 'ymd' }: InspectedColumn): Reading {
  if (kind === 'numeric' || kind === 'log') return { as: 'number' };
  return kind === 'date' ? { as: 'date', order } : { as: 'skip' };
}

/** Those of the block's rows that are among the positions, from the `from`th on; counted in the block. */
export function chooseRows(
  positions: Uint32Array,
  from: number,
  first: number,
  rows: number,
): Uint32Array {
  let end = from;
  while (end < positions.length && (positions[end] as number) < first + rows) end++;
  return positions.slice(from, end).map((position) => position - first);
}

function tableColumn(column: InspectedColumn, spread: Spread, decimals: number): TableColumn {
  const { name, kind: inferred, numbers, texts, order = 'ymd' } = column;
  const { kind } = inferred;
  const { mean, deviation } = spread;
  const categories = texts?.categories ?? [];
  switch (kind) {
    case 'numeric':
    case 'log': {
      const digits = numbers?.isWhole ? 0 : decimals > mostDecimals ? undefined : decimals;
      return {
        kind,
        name,
        ...missingOf(numbers),
        mean,
        deviation,
        ...(digits === undefined ? {} : { decimals: digits }),
      };
    }
    case 'date': {
      const unit = numbers?.isWhole ? 'day' : 'second';
      return { kind, name, ...missingOf(numbers), mean, deviation, unit, order };
    }
    case 'categorical':
    case 'ordinal':
      return { kind, name, ...missingOf(texts?.summary), categories };
    case 'label':
      return { kind, name, categories };
    case 'ignore':
      return { kind, name };
  }
}

/** Of all rows, whichever are trained on. */
function missingOf(
  summary: Pick<NumberSummary, 'missing' | 'count'> | undefined,
): Pick<LearnedColumn, 'missing' | 'missingShare'> {
  const { missing = 0, count = 0 } = summary ?? {};
  return missing > 0
    ? { missing: true, missingShare: missing / (missing + count) }
    : { missing: false };
}

/**
 * Bytes to typed columns, at the speed of the kernel in assembly/csv; no library reads this fast
 * (docs/adr/0012). Bytes go in as they come from the file, rows come out some thousand at a time.
 */
import { isUtf8 } from 'node:buffer';
import type { Misfit, Reading } from '../tableBlock.ts';
import type { Dialect } from './dialect.ts';
import { readField } from './fieldReader.ts';
import {
  instantiateParser,
  parserKinds,
  parserStatus,
  type OddField,
  type ParserKernel,
} from './parserKernel.ts';
import { allocate, layOut, makeRoom, slotsPerTable, type Layout } from './parserMemory.ts';
import { badEncoding, openQuote, ragged, rowTooLong, textAfterQuote } from './rowErrors.ts';

/** A row may be so long. */
const maxRowBytes = 1 << 24;
const firstRoom = 1 << 20;
const LF = 10;

export interface RowParserOptions {
  readonly where: string;
  readonly dialect: Dialect;
  readonly names: readonly string[];
  /** One for each column. */
  readonly readings: readonly Reading[];
  /** Rows that fit into the columns. */
  readonly capacity: number;
  /** The line of the first byte. */
  readonly line: number;
  /** Digits after the point that each column has, raised as they are met. */
  readonly decimals: Uint8Array;
  readonly misfit: (misfit: Misfit) => void;
}

export class RowParser {
  readonly #options: RowParserOptions;
  readonly #memory: WebAssembly.Memory;
  readonly #layout: Layout;
  readonly #kernel: ParserKernel;
  /** Bytes [from, whole) are whole lines, [whole, end) a part of one. */
  #from: number;
  #whole: number;
  #end: number;
  /** A quote is open at the end of the whole lines: nothing to do until there are more. */
  #isOpen = false;

  constructor(options: RowParserOptions) {
    const { dialect, readings, capacity } = options;
    const width = readings.length;
    const layout = layOut({
      width,
      capacity,
      hasTable: readings.map(({ as }) => parserKinds[as] === parserKinds.text),
    });
    this.#options = options;
    this.#layout = layout;
    this.#memory = allocate(layout, firstRoom);
    this.#from = this.#whole = this.#end = layout.bytes;
    this.#kernel = instantiateParser(this.#memory, this.#odd);
    const delimiter = dialect.delimiter.charCodeAt(0);
    const point = dialect.decimal.charCodeAt(0);
    this.#kernel.configure(width, capacity, delimiter, point, options.line);
    const { kinds, decimals, lines, columns, tables, pool, poolEnd } = layout;
    this.#kernel.place(kinds, decimals, lines, columns);
    this.#kernel.placeTables(tables, slotsPerTable, pool, poolEnd);
    const bytes = new Uint8Array(this.#memory.buffer);
    bytes.set(
      Uint8Array.from(readings, ({ as }) => parserKinds[as]),
      kinds,
    );
    bytes.set(options.decimals, decimals);
    new Uint32Array(this.#memory.buffer, tables, width).set(layout.tableOf);
  }

  /** Rows that are in the columns now. */
  get rows(): number {
    return Number(this.#kernel.rows.value);
  }

  /** Their values; void as soon as more bytes or rows are taken. */
  columns(): Float64Array[] {
    const { readings, capacity } = this.#options;
    const { rows } = this;
    return readings.map(({ as }, c) => {
      const at = this.#layout.columns + 8 * capacity * c;
      return new Float64Array(this.#memory.buffer, at, as === 'skip' ? 0 : rows);
    });
  }

  /** Their lines. */
  lines(): Uint32Array {
    return new Uint32Array(this.#memory.buffer, this.#layout.lines, this.rows);
  }

  /** Empties the columns. */
  clear(): void {
    this.#kernel.clear();
  }

  /** Takes more bytes of the file. Those before must have been parsed as far as they go. */
  feed(chunk: Uint8Array): void {
    const { bytes: base } = this.#layout;
    const rest = this.#end - this.#from;
    if (rest > maxRowBytes) this.#refuseRow();
    makeRoom(this.#memory, this.#layout, rest + chunk.length + 1);
    const bytes = new Uint8Array(this.#memory.buffer);
    bytes.copyWithin(base, this.#from, this.#end);
    bytes.set(chunk, base + rest);
    const whole = base + this.#whole - this.#from;
    this.#from = base;
    this.#end = base + rest + chunk.length;
    const lastFeed = chunk.lastIndexOf(LF);
    this.#whole = lastFeed < 0 ? whole : base + rest + lastFeed + 1;
    this.#isOpen &&= lastFeed < 0;
  }

  /** The file has ended: what is left is a line, whether it ends like one or not. */
  finish(): void {
    if (this.#end > this.#whole) this.feed(Uint8Array.of(LF));
  }

  /** Parses rows until the columns are full (true) or more bytes are needed. */
  parse(): boolean {
    if (this.#isOpen) return false;
    const kernel = this.#kernel;
    this.#from = kernel.parse(this.#from, this.#whole);
    const bytes = new Uint8Array(this.#memory.buffer);
    const { decimals, names, where } = this.#options;
    decimals.set(bytes.subarray(this.#layout.decimals, this.#layout.decimals + decimals.length));
    const line = Number(kernel.line.value);
    const column = Number(kernel.column.value);
    const status = kernel.status.value as number;
    if (status === parserStatus.ragged) {
      const row = bytes.subarray(this.#from, this.#whole);
      throw ragged({ where, row: line }, row, this.#options.dialect.delimiter, names.length);
    }
    if (status === parserStatus.afterQuote) {
      throw textAfterQuote({ where, row: line, column: names[column] ?? '' });
    }
    this.#isOpen = status === parserStatus.openQuote;
    return this.rows === this.#options.capacity;
  }

  /** To be called at the end: throws where a quote is still open. */
  close(): void {
    if (this.#isOpen) this.#refuseRow();
  }

  #refuseRow(): never {
    const { where, names } = this.#options;
    const line = Number(this.#kernel.line.value);
    if (!this.#isOpen) throw rowTooLong({ where, row: line }, maxRowBytes);
    throw openQuote({ where, row: line, column: names[Number(this.#kernel.column.value)] ?? '' });
  }

  // Only what comes here can be anything but UTF-8: the kernel knows plain numbers, and texts that were here.
  readonly #odd: OddField = (column, start, stop, doubled) => {
    const { readings, dialect, misfit, names } = this.#options;
    const reading = readings[column] ?? { as: 'skip' };
    const bytes = Buffer.from(this.#memory.buffer, start, stop - start);
    const line = Number(this.#kernel.line.value);
    if (!isUtf8(bytes) || bytes.includes(0)) {
      throw badEncoding(
        { where: this.#options.where, row: line, column: names[column] ?? '' },
        bytes,
      );
    }
    const field = bytes.toString();
    const text = doubled ? field.replaceAll('""', '"') : field;
    const read = readField(text, reading, dialect, (digits) => {
      const decimals = new Uint8Array(this.#memory.buffer, this.#layout.decimals);
      decimals[column] = Math.min(255, Math.max(digits, decimals[column] ?? 0));
    });
    if (read.keep !== undefined && !doubled) this.#kernel.keep(column, start, stop, read.keep);
    if (read.isMisfit) misfit({ column, line, text });
    return read.value;
  };
}

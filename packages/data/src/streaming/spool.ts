/**
 * Examples that can only be had one after another, written once, as they are stored in memory, to a
 * temporary file from which any can be read.
 */
import type { ExampleReader, ExampleSource } from '../sources/exampleSource.ts';
import { readRecords } from './readRecords.ts';
import { notWritten, openTemporary, writeFully } from './temporaryFile.ts';

export interface SpoolOptions {
  /** Ends the writing; what is written is gone, and its reason is thrown. */
  readonly signal?: AbortSignal;
  /** Told of examples written, of how many. */
  onSpool?(done: number, count: number): void;
}

/** @param size bytes of one example */
export async function spool(
  {
    where,
    count,
    scan,
  }: Pick<ExampleSource, 'where' | 'count'> & Required<Pick<ExampleSource, 'scan'>>,
  size: number,
  { signal, onSpool }: SpoolOptions = {},
): Promise<ExampleReader> {
  const file = await openTemporary(where);
  // A source may take what `take` throws for an error of its own.
  let unwritten: { readonly cause: unknown } | undefined;
  try {
    await scan(async (rows, first) => {
      signal?.throwIfAborted();
      await writeFully(file, rows, first * size).catch((cause: unknown) => {
        unwritten = { cause };
        throw cause;
      });
      onSpool?.(first + rows.length / size, count);
    });
  } catch (error) {
    await file.close();
    signal?.throwIfAborted();
    throw unwritten ? notWritten(where, unwritten.cause) : error;
  }
  const records = { file, startOf: (position: number) => size * position };
  return {
    read: (target, positions) => readRecords(records, target, positions),
    close: () => file.close(),
  };
}

/**
 * What the values of examples mean, and how more of the same are read: found from the training part,
 * kept in each checkpoint, plain JSON.
 */
import type { AudioFormat } from './audio/audioFormat.ts';
import type { RatingsFormat } from './ratings/ratingsFormat.ts';
import { labelColumn, type TableFormat } from './tables/tableFormat.ts';
import type { TextFormat } from './text/textFormat.ts';

export interface ImageFormat {
  readonly kind: 'image';
  /** Names of the labels, where folders or files name them. */
  readonly classNames?: readonly string[];
}

/** Numbers of which no more is known. */
export interface ArrayFormat {
  readonly kind: 'array';
}

export type DataFormat =
  ImageFormat | ArrayFormat | TableFormat | TextFormat | AudioFormat | RatingsFormat;
export type DataKind = DataFormat['kind'];

/** Names of the labels, where the data names them. */
export function classNamesOf(format: DataFormat): readonly string[] | undefined {
  if (format.kind === 'table') return labelColumn(format)?.categories;
  return 'classNames' in format ? format.classNames : undefined;
}

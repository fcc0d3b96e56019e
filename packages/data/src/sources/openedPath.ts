/** What a path stands for: one set of examples, or several. */
import type { DataFormat } from '../format.ts';
import type { DataOptions } from '../options.ts';
import type { SpoolOptions } from '../streaming/spool.ts';
import type { ExampleSource, OpenedFile } from './exampleSource.ts';

/** Opens a part that belongs to what is trained on, read as that is. */
export type OpenPart = (trained: ExampleSource) => Promise<ExampleSource>;

/** One set of examples, or several. */
export interface OpenedPath {
  readonly train: OpenedFile;
  /** Where the parts are of one list: both together, for who asks for all examples. */
  readonly all?: OpenedFile;
  readonly validation?: OpenPart;
  readonly test?: OpenPart;
}

export interface OpenRequest {
  readonly options: DataOptions;
  /** Of the data a model was trained on, of which this is more. */
  readonly format: DataFormat | undefined;
  /** It is that data itself, of which the same examples are wanted as then. */
  readonly isOwn?: boolean;
  /** Of what is written to a temporary file while it is opened. */
  readonly spooling?: SpoolOptions;
}

/** Opens a path as data of one kind, whose settings are among the options. Throws DataError. */
export type OpenKind = (path: string, request: OpenRequest) => Promise<OpenedPath>;

/** What a path stands for: one set of examples, or several. */
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

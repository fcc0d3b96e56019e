/** What the command `inpaint` is told, of pictures and of tables. */
import type { UseOptions } from '../useOptions.ts';
import type { DataChoice } from '../useData.ts';
import type { Box } from './mask.ts';

export interface InpaintOptions extends UseOptions, DataChoice {
  /**
   * PNG whose white pixels are hidden, or NPY array whose values other than 0 are; of the pictures' size. Of sound as
   * spectrograms are drawn, [mels, frames]: time to the right, low frequencies below.
   */
  readonly mask?: string;
  /** Instead: what is hidden, in the same pixels. */
  readonly box?: Box;
  /**
   * The picture to write, .png; or of a table .csv or .parquet, and NAME-cells beside it: what was filled in,
   * and each completion.
   */
  readonly out: string;
  /** Ways to complete each picture or row. Default 4. */
  readonly completions?: number;
  /** Of the chain that completes them. Default 100. */
  readonly steps?: number;
  /** Pictures shown. Default 10. */
  readonly count?: number;
  /** Pictures completed and measured, the first of the data; default 100. Of a table: rows; default all. */
  readonly examples?: number;
  /** Default 0. */
  readonly seed?: number;
  /** Of a table: a share of the known values to hide besides, to see how well they are filled in. */
  readonly hide?: number;
}

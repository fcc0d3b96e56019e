/** Hidden parts of pictures, and missing values of tables, completed in several ways: the command `inpaint`. */
import { completePictures, type PictureInpaintResult } from './completePictures.ts';
import { fillTable, type TableInpaintResult } from './fillTable.ts';
import type { InpaintOptions } from './inpaintOptions.ts';
import { withTrained } from '../withTrained.ts';

export type InpaintResult = PictureInpaintResult | TableInpaintResult;

/**
 * Completes pictures (`drawHidden.ts`) or the missing values of a table (`missingValues.ts`) by conditional
 * sampling.
 *
 * @param run a run folder, or one of its checkpoint files
 * @throws CheckpointError, ConfigError, DataError, ModelError, RunError
 */
export async function inpaintRun(run: string, options: InpaintOptions): Promise<InpaintResult> {
  return withTrained<InpaintResult>(run, options, (trained) =>
    trained.format.kind === 'table'
      ? fillTable(trained, options)
      : completePictures(trained, options),
  );
}

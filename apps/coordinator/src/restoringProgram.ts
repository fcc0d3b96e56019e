/** The commands that restore pictures: `denoise` and `inpaint`. */
import type { DenoiseOptions, InpaintOptions } from '@lockstep/trainer';
import type { Command } from 'commander';
import { addUseOptions, type UseFlags } from './useOptions.ts';
import { boxOf, exampleFileOf, integerOf, pngFileOf, shareOf, textOf } from './optionValues.ts';
import type { AddCommand } from './trainingCommands.ts';

export type DenoiseFlags = UseFlags<DenoiseOptions>;
export type InpaintFlags = UseFlags<InpaintOptions>;

export interface RestoringActions {
  denoise(run: string, flags: DenoiseFlags): Promise<void>;
  inpaint(run: string, flags: InpaintFlags): Promise<void>;
}

export function addDenoise(command: AddCommand, actions: RestoringActions): void {
  const created = command('denoise <run>', 'take noise away from pictures: before and after')
    .option(
      '--noise <noise>',
      'added to clean pictures: gaussian:0.3, mask:0.5 or salt:0.2; without it --data is noisy',
      textOf('--noise', 'a noise, such as gaussian:0.3'),
    )
    .requiredOption('--out <file>', 'PNG file to write', pngFileOf('--out'));
  addRestoringOptions(created, '1000').action((run: string, flags: DenoiseFlags) =>
    actions.denoise(run, flags),
  );
}

export function addInpaint(command: AddCommand, actions: RestoringActions): void {
  const created = command(
    'inpaint <run>',
    'complete pictures of which a part is hidden, or fill in what a table lacks',
  )
    .option(
      '--mask <file>',
      'what is hidden: PNG or JPEG (white; transparent counts as black) or NPY (not 0), of the size of the pictures',
      textOf('--mask', 'the path of a PNG, JPEG or NPY file'),
    )
    .option(
      '--box <t,l,h,w>',
      'instead: top, left, height and width in pixels; of sound time runs to the right, pitch up',
      boxOf('--box'),
    )
    .option(
      '--completions <n>',
      'ways to complete each picture or row; 4',
      integerOf('--completions', { min: 1 }),
    )
    .option(
      '--steps <n>',
      'of the chain that completes them; 100',
      integerOf('--steps', { min: 1 }),
    )
    .option(
      '--hide <share>',
      'of a table: known values to hide besides, to see how well they are filled in',
      shareOf('--hide'),
    )
    .requiredOption(
      '--out <file>',
      '.png; of a table .csv or .parquet, and NAME-cells: what was filled in, and how',
      exampleFileOf('--out', ['.png', '.csv', '.parquet']),
    );
  addRestoringOptions(created, '100, of a table all').action((run: string, flags: InpaintFlags) =>
    actions.inpaint(run, flags),
  );
}

function addRestoringOptions(command: Command, examples: string): Command {
  return addUseOptions(
    command
      .option(
        '--count <n>',
        'pictures shown, of those restored; 10',
        integerOf('--count', { min: 1 }),
      )
      .option(
        '--examples <n>',
        `the first so many are restored and measured; ${examples}`,
        integerOf('--examples', { min: 1 }),
      )
      .option('--seed <n>', 'of the noise; 0', integerOf('--seed', { min: 0 })),
  );
}

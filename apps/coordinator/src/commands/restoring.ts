import type {
  DenoiseResult,
  InpaintResult,
  PictureInpaintResult,
  TableInpaintResult,
} from '@lockstep/trainer';
import type { Context } from '../context.ts';
import { formatCount } from '../report/format.ts';
import { shownPath } from '../report/shownPath.ts';
import type { DenoiseFlags, InpaintFlags } from '../restoringProgram.ts';
import { runUse } from './runUse.ts';

/** Returns the exit code. */
export function denoiseCommand(
  run: string,
  { json, ...flags }: DenoiseFlags,
  context: Context,
): Promise<number> {
  return runUse(context, {
    ...{ name: 'denoise', event: 'denoised', json },
    run: ({ denoiseRun }, shared) => denoiseRun(run, { ...flags, ...shared }),
    print: (result) => printDenoised(result, context),
  });
}

async function printDenoised(result: DenoiseResult, { stdout }: Context): Promise<void> {
  const { psnr, noise } = result;
  const { renderTable } = await import('../report/table.ts');
  stdout.write(
    renderTable([
      ['checkpoint', shownPath(result.checkpoint)],
      ['pictures', pictures(result)],
      ...(noise === undefined ? [] : [['noise added', noise]]),
      ...(psnr
        ? [
            ['PSNR, noisy', decibels(psnr.noisy)],
            ['PSNR, restored', decibels(psnr.restored)],
            ['PSNR, median filter', decibels(psnr.median)],
          ]
        : []),
      ['picture', shownPath(result.path)],
    ]),
  );
}

/** Returns the exit code. */
export function inpaintCommand(
  run: string,
  { json, ...flags }: InpaintFlags,
  context: Context,
): Promise<number> {
  return runUse(context, {
    ...{ name: 'inpaint', event: 'inpainted', json },
    run: ({ inpaintRun }, shared) => inpaintRun(run, { ...flags, ...shared }),
    print: (result) => printInpainted(result, context),
  });
}

async function printInpainted(result: InpaintResult, { stdout }: Context): Promise<void> {
  const { renderTable } = await import('../report/table.ts');
  const completions = `${formatCount(result.completions)}, by ${formatCount(result.steps)} ${result.steps === 1 ? 'step' : 'steps'}`;
  if (result.kind === 'table') {
    stdout.write(renderTable(tableRows(result, completions)));
    return;
  }
  const { psnr, hidden, values } = result;
  const share = hidden === values ? '(all)' : `of ${formatCount(values)}`;
  stdout.write(
    renderTable([
      ['checkpoint', shownPath(result.checkpoint)],
      ['pictures', pictures(result)],
      ['hidden values of each', `${formatCount(hidden)} ${share}`],
      ['completions of each', completions],
      ['PSNR there, a completion', decibels(psnr.completion)],
      ['PSNR there, their mean', decibels(psnr.mean)],
      ['PSNR there, left black', decibels(psnr.black)],
      ['picture', shownPath(result.path)],
    ]),
  );
}

function tableRows(result: TableInpaintResult, completions: string): string[][] {
  const { numbers, categories } = result.hidden ?? {};
  return [
    ['checkpoint', shownPath(result.checkpoint)],
    ['rows', `${formatCount(result.examples)} of ${result.source}`],
    ['  with values filled in', formatCount(result.incomplete)],
    ['missing values', formatCount(result.missing)],
    ['completions of each', completions],
    ['proposals accepted', percent(result.accepted)],
    ...(numbers
      ? [
          ['hidden numbers', formatCount(numbers.cells)],
          [
            '  error, deviations',
            `${numbers.rmse.toFixed(3)}, of the mean ${numbers.ofMean.toFixed(3)}`,
          ],
        ]
      : []),
    ...(categories
      ? [
          ['hidden categories', formatCount(categories.cells)],
          [
            '  right',
            `${percent(categories.accuracy)}, of the most frequent ${percent(categories.ofMostFrequent)}`,
          ],
        ]
      : []),
    ...result.files.map(({ kind, path }) => [kind, shownPath(path)]),
  ];
}

function pictures({ examples, shown, source }: DenoiseResult | PictureInpaintResult): string {
  return `${formatCount(examples)} of ${source}, ${shown < examples ? formatCount(shown) : 'all'} shown`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)}%`;
}

function decibels(value: number): string {
  return value === Infinity ? 'no error' : `${value.toFixed(2)} dB`;
}

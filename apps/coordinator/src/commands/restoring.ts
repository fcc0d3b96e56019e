import type { TableInpaintResult } from '@lockstep/trainer';
import type { Context } from '../context.ts';
import { createEvaluationReporter } from '../report/evaluationReporter.ts';
import { formatCount } from '../report/format.ts';
import { shownPath } from '../report/shownPath.ts';
import { writeJson } from '../report/writeJson.ts';
import type { DenoiseFlags, InpaintFlags } from '../restoringProgram.ts';
import { trainedOptions } from '../trainedOptions.ts';

export async function denoiseCommand(
  run: string,
  { json, ...flags }: DenoiseFlags,
  context: Context,
): Promise<void> {
  const { denoiseRun } = await context.loadTrainer();
  const result = await denoiseRun(run, { ...flags, ...trainedOptions(context, json) });
  if (json) return writeJson(context.stdout, { event: 'denoised', ...result });
  const { psnr, noise } = result;
  const { renderTable } = await import('../report/table.ts');
  context.stdout.write(
    renderTable([
      ['checkpoint', shownPath(result.checkpoint)],
      ['pictures', `${formatCount(result.examples)} of ${result.source}`],
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

export async function inpaintCommand(
  run: string,
  { json, ...flags }: InpaintFlags,
  context: Context,
): Promise<void> {
  const { inpaintRun } = await context.loadTrainer();
  const { stderr, now } = context;
  const reporter = createEvaluationReporter({ json: json ?? false, stderr, now });
  const result = await inpaintRun(run, {
    ...flags,
    ...trainedOptions(context, json),
    onProgress: (done, total) => {
      const work = { metric: 'inpaint', part: 1, parts: 1, work: '' };
      reporter.onEvent({ event: 'progress', ...work, done, total });
    },
  }).finally(() => reporter.close());
  if (json) return writeJson(context.stdout, { event: 'inpainted', ...result });
  const { renderTable } = await import('../report/table.ts');
  const completions = `${formatCount(result.completions)}, by ${formatCount(result.steps)} steps`;
  if (result.kind === 'table') {
    context.stdout.write(renderTable(tableRows(result, completions)));
    return;
  }
  const { psnr, hidden } = result;
  context.stdout.write(
    renderTable([
      ['checkpoint', shownPath(result.checkpoint)],
      ['pictures', `${formatCount(result.examples)} of ${result.source}`],
      ['hidden values of each', formatCount(hidden)],
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

function percent(share: number): string {
  return `${(100 * share).toFixed(2)}%`;
}

function decibels(value: number): string {
  return `${value.toFixed(2)} dB`;
}

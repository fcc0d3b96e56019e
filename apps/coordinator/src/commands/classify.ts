import type { ClassifyResult } from '@lockstep/trainer';
import type { Context } from '../context.ts';
import type { ClassifyFlags } from '../latentsProgram.ts';
import { formatCount, plural } from '../report/format.ts';
import { shownPath } from '../report/shownPath.ts';
import { runUse } from './runUse.ts';

/** Returns the exit code. */
export function classifyCommand(
  run: string,
  { json, ...flags }: ClassifyFlags,
  context: Context,
): Promise<number> {
  return runUse(context, {
    ...{ name: 'classify', event: 'classification', json },
    run: ({ classifyRun }, shared) => classifyRun(run, { ...flags, ...shared }),
    print: (result) => print(result, context),
  });
}

async function print(result: ClassifyResult, { stdout }: Context): Promise<void> {
  const { renderTable } = await import('../report/table.ts');
  const { trainExamples, labelled, accuracy, macro } = result;
  stdout.write(
    renderTable([
      ['checkpoint', shownPath(result.checkpoint)],
      ['method', result.method],
      ...(trainExamples === undefined
        ? []
        : [['learned from', `${formatCount(trainExamples)} labelled examples`]]),
      ['examples', `${formatCount(result.examples)} of ${result.source}`],
      ['of these with a label', formatCount(labelled)],
      ...(accuracy === undefined ? [] : [['accuracy', share(accuracy)]]),
      ...(result.unseen ? [['never learned', unseenText(result.unseen)]] : []),
      ...(macro ? [[f1Name(macro.classes, result.perClass), share(macro.f1)]] : []),
      ...result.files.map(({ kind, path }) => [kind, shownPath(path)]),
    ]),
  );
  if (result.perClass) {
    const head = ['class', 'precision', 'recall', 'F1', 'examples'];
    const align = ['left', 'right', 'right', 'right', 'right'] as const;
    stdout.write(`\n${renderTable(classRows(result.perClass), { head, align })}`);
  }
}

/** Says of how many classes it is a mean, where that is not of all. */
function f1Name(averaged: number, perClass: ClassifyResult['perClass'] = []): string {
  if (averaged === perClass.length) return 'F1, mean of classes';
  const classes = plural(averaged, 'class', 'classes');
  return `F1, mean of ${classes} with examples or predictions`;
}

/** Classes named at most. */
const MOST_NAMED = 5;

function unseenText(unseen: NonNullable<ClassifyResult['unseen']>): string {
  const examples = unseen.reduce((sum, each) => sum + each.examples, 0);
  const named = unseen.slice(0, MOST_NAMED).map((each) => `${each.class} ${each.examples}`);
  const more = unseen.length > MOST_NAMED ? ', ...' : '';
  const of = `${plural(examples, 'example')} of ${plural(unseen.length, 'class', 'classes')}`;
  return `${of}, counted as wrong: ${named.join(', ')}${more}`;
}

function classRows(perClass: NonNullable<ClassifyResult['perClass']>): string[][] {
  return perClass.map(({ class: name, precision, recall, f1, examples }) => [
    name,
    share(precision),
    share(recall),
    share(f1),
    formatCount(examples),
  ]);
}

function share(value: number): string {
  return value.toFixed(4);
}

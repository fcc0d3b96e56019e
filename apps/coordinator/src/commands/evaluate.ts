import type { Context } from '../context.ts';
import type { JsonFlag } from '../program.ts';
import { formatCount, formatLoss } from '../report/format.ts';
import { shownPath } from '../report/shownPath.ts';
import { writeJson } from '../report/writeJson.ts';
import { workerEntry } from '../trainer.ts';

export async function evaluateCommand(
  run: string,
  { json }: JsonFlag,
  context: Context,
): Promise<void> {
  const { evaluateRun } = await context.loadTrainer();
  const evaluation = await evaluateRun(run, { workerEntry: workerEntry() });
  if (json) return writeJson(context.stdout, { event: 'evaluation', ...evaluation });
  const { checkpoint, step, examples, testLoss, testMetrics } = evaluation;
  const { renderTable } = await import('../report/table.ts');
  context.stdout.write(
    renderTable([
      ['checkpoint', shownPath(checkpoint)],
      ['step', formatCount(step)],
      ['test examples', formatCount(examples)],
      ['test loss', formatLoss(testLoss)],
      ...Object.entries(testMetrics).map(([name, value]) => [`test ${name}`, formatLoss(value)]),
    ]),
  );
}

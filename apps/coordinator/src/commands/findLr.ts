import type { ConfigFlags, SweepPoint, WrittenSweep } from '@lockstep/trainer';
import type { Context } from '../context.ts';
import { formatCount, formatLoss } from '../report/format.ts';
import { shownPath } from '../report/shownPath.ts';
import { StatusLine } from '../report/statusLine.ts';
import { writeJson } from '../report/writeJson.ts';
import { workerEntry } from '../trainer.ts';
import type { FindLrFlags } from '../trainingCommands.ts';
import { interruptible } from './interruptible.ts';

/** Returns the exit code. */
export function findLrCommand(
  file: string | undefined,
  { json = false, from, to, out, ...settings }: FindLrFlags,
  context: Context,
): Promise<number> {
  const { steps } = settings;
  const { stdout, now } = context;
  const watched = !json && stdout.isTTY === true;
  const statusLine = watched ? new StatusLine(stdout, now) : undefined;
  const close = (): void => statusLine?.clear();
  const onStep = (step: number, point: SweepPoint): void =>
    statusLine?.draw((width) => progressOf(step, steps, point).slice(0, width));
  const work = async (signal: AbortSignal): Promise<void> => {
    const { resolveTrainConfig, findLearningRate } = await context.loadTrainer();
    // Names are only text so far; resolving checks them.
    const config = await resolveTrainConfig({ file, flags: settings as ConfigFlags });
    const options = { workerEntry: workerEntry(), from, to, steps, out, configFile: file };
    const found = await findLearningRate(config, { ...options, signal, onStep }).finally(close);
    const { points: _points, ...rest } = found;
    if (json) writeJson(stdout, { event: 'learning-rates', ...rest });
    else stdout.write(await resultText(found));
  };
  return interruptible(context, { json, close, work });
}

function progressOf(step: number, steps: number, { learningRate, loss }: SweepPoint): string {
  return `step ${formatCount(step)}/${formatCount(steps)}  rate ${formatRate(learningRate)}  loss ${formatLoss(loss)}`;
}

async function resultText(found: WrittenSweep): Promise<string> {
  const { renderTable } = await import('../report/table.ts');
  const { suggested, lowest, diverged, points } = found;
  const last = points.at(-1)?.learningRate ?? found.from;
  const end = diverged
    ? `ended at ${formatRate(last)}, where the loss had grown fourfold`
    : `to ${formatRate(found.to)}`;
  return renderTable([
    ['swept', `${formatRate(found.from)} ${end}; ${formatCount(points.length)} steps`],
    [
      'suggested',
      suggested === undefined
        ? 'none: the loss never fell'
        : `${formatRate(suggested)}, where the loss fell most steeply`,
    ],
    ...(lowest
      ? [
          [
            'lowest loss',
            `${formatLoss(lowest.smoothedLoss)} (smoothed), at ${formatRate(lowest.learningRate)}`,
          ],
        ]
      : []),
    ['plot', shownPath(found.plot)],
    ['curve', shownPath(found.curve)],
  ]);
}

/** Two significant digits: what the curve can tell. */
function formatRate(rate: number): string {
  return String(Number(rate.toPrecision(2)));
}

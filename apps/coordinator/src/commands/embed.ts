import type { Context } from '../context.ts';
import type { EmbedFlags } from '../latentsProgram.ts';
import { createEvaluationReporter } from '../report/evaluationReporter.ts';
import { formatCount, formatLoss } from '../report/format.ts';
import { shownPath } from '../report/shownPath.ts';
import { writeJson } from '../report/writeJson.ts';
import { trainedOptions } from '../trainedOptions.ts';

export async function embedCommand(
  run: string,
  { json, ...flags }: EmbedFlags,
  context: Context,
): Promise<void> {
  const { embedRun } = await context.loadTrainer();
  const { stderr, now } = context;
  const reporter = createEvaluationReporter({ json: json ?? false, stderr, now });
  const result = await embedRun(run, {
    ...flags,
    ...trainedOptions(context, json),
    onProgress: (done, total) => {
      const work = { metric: 'embed', part: 1, parts: 1, work: '' };
      reporter.onEvent({ event: 'progress', ...work, done, total });
    },
  }).finally(() => reporter.close());
  if (json) return writeJson(context.stdout, { event: 'embedding', ...result });
  const { latents, kl, examples, files, projection } = result;
  const told = kl?.reduce((sum, value) => sum + value, 0);
  const { renderTable } = await import('../report/table.ts');
  context.stdout.write(
    renderTable([
      ['checkpoint', shownPath(result.checkpoint)],
      ['examples', `${formatCount(examples)} of ${result.source}`],
      ['latent dimensions', formatCount(latents.dim)],
      ...(told === undefined ? [] : [['KL from N(0, I)', `${formatLoss(told)} nats an example`]]),
      ...files.map(({ kind, path }) => [kind, shownPath(path)]),
      ...(projection === undefined ? [] : [['  it shows', projection]]),
    ]),
  );
}

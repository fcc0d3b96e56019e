import type { EmbedResult } from '@lockstep/trainer';
import type { Context } from '../context.ts';
import type { EmbedFlags } from '../latentsProgram.ts';
import { formatCount, formatLoss } from '../report/format.ts';
import { shownPath } from '../report/shownPath.ts';
import { runUse } from './runUse.ts';

/** Returns the exit code. */
export function embedCommand(
  run: string,
  { json, ...flags }: EmbedFlags,
  context: Context,
): Promise<number> {
  return runUse(context, {
    ...{ name: 'embed', event: 'embedding', json },
    run: ({ embedRun }, shared) => embedRun(run, { ...flags, ...shared }),
    print: (result) => print(result, context),
  });
}

async function print(result: EmbedResult, { stdout }: Context): Promise<void> {
  const { latents, kl, examples, files, projection } = result;
  const told = kl?.reduce((sum, value) => sum + value, 0);
  const { renderTable } = await import('../report/table.ts');
  stdout.write(
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

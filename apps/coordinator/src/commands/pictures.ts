import type { Context } from '../context.ts';
import type { PictureFlags } from '../program.ts';
import { plural } from '../report/format.ts';
import { shownPath } from '../report/shownPath.ts';
import { writeJson } from '../report/writeJson.ts';

const DEFAULT_SEED = 0;

export async function picturesCommand(
  kind: 'samples' | 'reconstructions',
  { run, flags }: { readonly run: string; readonly flags: PictureFlags },
  context: Context,
): Promise<void> {
  const { sampleRun, reconstructRun } = await context.loadTrainer();
  const draw = kind === 'samples' ? sampleRun : reconstructRun;
  const { seed = DEFAULT_SEED, label, engine, json } = flags;
  const { path, count } = await draw(run, {
    ...{ count: flags.count, out: flags.out, seed },
    ...(label !== undefined && { label }),
    ...(engine !== undefined && { engine }),
  });
  if (json) writeJson(context.stdout, { event: 'artifact', kind, path, count });
  else context.stdout.write(`${plural(count, kind.slice(0, -1))}: ${shownPath(path)}\n`);
}

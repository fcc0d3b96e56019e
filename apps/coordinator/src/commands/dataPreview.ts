import type { Context } from '../context.ts';
import type { DataPreviewFlags } from '../dataProgram.ts';
import { shownPath } from '../report/shownPath.ts';
import { writeJson } from '../report/writeJson.ts';
import { dataOptionsOf } from './dataOptions.ts';

export async function dataPreviewCommand(
  data: string,
  flags: DataPreviewFlags,
  { stdout, stderr }: Context,
): Promise<void> {
  const { previewData } = await import('@lockstep/trainer/datasets');
  const { part = 'train', count, out, json } = flags;
  const options = { part, count, ...(out !== undefined && { out }) };
  const preview = await previewData(data, await dataOptionsOf(flags), options);
  if (json) return writeJson(stdout, { event: 'preview', data, part, ...preview });
  if (preview.path !== undefined) stdout.write(`${shownPath(preview.path)}\n`);
  for (const line of preview.lines ?? []) stdout.write(`${line}\n`);
  if (preview.note !== undefined) stderr.write(`${preview.note}\n`);
}

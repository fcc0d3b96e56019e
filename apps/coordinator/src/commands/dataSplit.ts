import type { Context } from '../context.ts';
import type { DataSplitFlags } from '../dataProgram.ts';
import { plural } from '../report/format.ts';
import { shownPath } from '../report/shownPath.ts';
import { writeJson } from '../report/writeJson.ts';
import { dataOptionsOf } from './dataOptions.ts';

export async function dataSplitCommand(
  data: string,
  flags: DataSplitFlags,
  { stdout }: Context,
): Promise<void> {
  const { splitData } = await import('@lockstep/trainer/datasets');
  const parts = await splitData(data, dataOptionsOf(flags), flags.out);
  if (flags.json) return writeJson(stdout, { event: 'split', data, parts });
  const { renderTable } = await import('../report/table.ts');
  stdout.write(
    renderTable(
      parts.map(({ part, examples, path, source }) => [
        part,
        plural(examples, 'example'),
        path === undefined ? `all of ${source ?? ''}` : shownPath(path),
      ]),
    ),
  );
}

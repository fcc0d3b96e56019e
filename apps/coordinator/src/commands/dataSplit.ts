import type { SplitFiles } from '@lockstep/trainer/datasets';
import type { Context } from '../context.ts';
import type { DataSplitFlags } from '../dataProgram.ts';
import { plural } from '../report/format.ts';
import { shownPath } from '../report/shownPath.ts';
import { writeJson } from '../report/writeJson.ts';
import { dataOptionsOf } from './dataOptions.ts';
import { interruptible } from './interruptible.ts';

/** Returns the exit code. */
export function dataSplitCommand(
  data: string,
  flags: DataSplitFlags,
  context: Context,
): Promise<number> {
  const { stdout } = context;
  const { json, out } = flags;
  const work = async (signal: AbortSignal): Promise<void> => {
    const { splitData } = await import('@lockstep/trainer/datasets');
    const written = await splitData(data, await dataOptionsOf(flags), out, signal);
    if (json) writeJson(stdout, { event: 'split', data, ...written });
    else stdout.write(await resultText(written, flags));
  };
  return interruptible(context, { json, work });
}

async function resultText(
  { parts, schema, notes }: SplitFiles,
  flags: DataSplitFlags,
): Promise<string> {
  const { renderTable } = await import('../report/table.ts');
  const files = parts.flatMap(({ part, path }) =>
    path === undefined ? [] : [`${FLAGS[part]} ${shownPath(path)}`],
  );
  return (
    renderTable([
      ...parts.map(({ part, examples, path, source }) => [
        part,
        plural(examples, 'example'),
        path === undefined ? `all of ${source ?? ''}` : shownPath(path),
      ]),
      ...(schema === undefined ? [] : [['columns', 'of all rows', shownPath(schema)]]),
    ]) +
    notes.map((note) => `\n${note}\n`).join('') +
    `\nTo train on them: lockstep train ${[...files, ...rest(schema, flags)].join(' ')}\n`
  );
}

const FLAGS = { train: '--data', validation: '--validation-data', test: '--test-data' } as const;

/** The preset for such files, and how they are read: as the whole was, which a schema says of a table. */
function rest(schema: string | undefined, { read = {} }: DataSplitFlags): string[] {
  const { unknown } = read;
  const own = { schema: shownPath(schema ?? ''), ...(unknown !== undefined && { unknown }) };
  const settings = Object.entries(schema === undefined ? read : own).map(
    ([name, value]) => `${name}=${String(value)}`,
  );
  const flag = settings.length === 0 ? [] : ['--read', quoted(settings.join(','))];
  return ['--preset', schema === undefined ? 'text' : 'tabular', ...flag];
}

/** For a shell. */
const quoted = (text: string): string =>
  /^[\w=,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

import type { Context } from '../context.ts';
import type { DataSchemaFlags } from '../dataProgram.ts';
import { shownPath } from '../report/shownPath.ts';
import { writeJson } from '../report/writeJson.ts';
import { dataOptionsOf } from './dataOptions.ts';

export async function dataSchemaCommand(
  data: string,
  flags: DataSchemaFlags,
  { stdout }: Context,
): Promise<void> {
  const { tableSchema } = await import('@lockstep/trainer/datasets');
  const { out, json } = flags;
  const { schema, text } = await tableSchema(data, await dataOptionsOf(flags), out);
  if (json) {
    const path = out === undefined ? {} : { path: out };
    return writeJson(stdout, { event: 'schema', data, ...path, schema });
  }
  stdout.write(
    out === undefined
      ? text
      : `${shownPath(out)}\nEdit it, then: lockstep train --data ${data} --read schema=${shownPath(out)}\n`,
  );
}

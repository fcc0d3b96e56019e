/** A schema as a file to edit: YAML with comments that say what each column holds, or JSON. */
import { readFile } from 'node:fs/promises';
import { DataError } from '../errors.ts';
import { fileError } from '../sources/fileErrors.ts';
import type { TableSchema } from './schema.ts';
import { quoted } from './tableErrors.ts';

/** Throws DATA_TABLE_SCHEMA, which says the line and the field, or what a file's error is. */
export async function readSchema(path: string): Promise<TableSchema> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const failed = fileError(path, error);
    throw failed.code === 'DATA_NOT_FOUND' ? notFound(path, failed) : failed;
  });
  return parseSchema(text, path);
}

/** `where`: for messages. YAML; JSON is a part of it. */
export async function parseSchema(text: string, where: string): Promise<TableSchema> {
  // Only who has such a file loads what reads it.
  const [{ isNode, LineCounter, parseDocument }, { tableSchema }] = await Promise.all([
    import('yaml'),
    import('./schema.ts'),
  ]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [wrong] = document.errors;
  if (wrong) {
    const line = lines.linePos(wrong.pos[0]).line;
    const [mistake = 'a mistake'] = wrong.message.split('\n');
    throw schemaError(`${where}, line ${line}`, 'YAML', `a mistake (${mistake.replace(/:$/, '')})`);
  }
  const parsed = tableSchema.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (!issue) throw new Error('An error without an issue.');
  const path = issue.path.map(String);
  // The field itself, or, where it is not there, what should have it.
  let node: unknown;
  for (let length = path.length; length >= 0 && !isNode(node); length--) {
    node = document.getIn(issue.path.slice(0, length), true);
  }
  const offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  const place = `${where}, line ${lines.linePos(offset).line}`;
  const got =
    issue.code === 'unrecognized_keys'
      ? issue.keys.map(quoted).join(', ')
      : shown(document.getIn(issue.path));
  throw schemaError(path.length > 0 ? `${place}, ${path.join('.')}` : place, issue.message, got);
}

/** What is known of a column beside its kind, for a comment. */
export type Remarks = Readonly<Record<string, string>>;

/** YAML, one line a column, each with its remark behind it. */
export async function formatSchema(schema: TableSchema, remarks: Remarks = {}): Promise<string> {
  const { stringify } = await import('yaml');
  const { columns, ...rest } = schema;
  const flow = (value: unknown): string => {
    const text = stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();
    // A category of several lines would be one here, too; JSON, a part of YAML, escapes them.
    return text.includes('\n') ? JSON.stringify(value) : text;
  };
  const lines = columns.map((column) => {
    const remark = remarks[column.name]?.replaceAll(/\s+/g, ' ');
    return `  - ${flow(column)}${remark ? ` # ${remark}` : ''}`;
  });
  return [
    '# What the columns of a table are. Kinds: numeric, log (numeric, on a logarithmic scale), categorical,',
    '# ordinal (categories in order), date, label, ignore.',
    ...(Object.keys(rest).length > 0 ? [stringify(rest, { lineWidth: 0 }).trim()] : []),
    'columns:',
    ...lines,
    '',
  ].join('\n');
}

/** A value of the file, short. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function schemaError(where: string, expected: string, got: string): DataError {
  return new DataError({
    code: 'DATA_TABLE_SCHEMA',
    where,
    expected,
    got,
    fix: 'Mend this line; `lockstep data schema DATA --out FILE` writes a schema to begin from.',
  });
}

function notFound(path: string, cause: DataError): DataError {
  return new DataError(
    {
      code: 'DATA_NOT_FOUND',
      where: path,
      expected: 'a file that says what the columns are (--read schema=FILE)',
      got: 'nothing at that path',
      fix: `Check the path; \`lockstep data schema DATA --out ${path}\` writes one to edit.`,
    },
    { cause },
  );
}

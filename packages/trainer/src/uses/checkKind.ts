/** Whether data is of the kind that a run was trained on. */
import { clearKinds, parseSourceName, type DataFormat } from '@lockstep/data';
import { ConfigError } from '../errors.ts';
import { KIND_NAMES } from './kindNames.ts';

type Kind = DataFormat['kind'];

/**
 * By what the source is said to be, or clearly is. Pictures and arrays have the same files, and so have tables and
 * ratings, which may be called .txt too; for a run on text, which reads anything, the name decides.
 * @throws ConfigError, DataError
 */
export async function checkKind(source: string, { kind }: DataFormat): Promise<void> {
  const { kind: named, path } = parseSourceName(source);
  const given = named ? [named] : await clearKinds(path);
  const [first] = given;
  if (!first || given.some((each) => (named ? isNamedAs : isReadAs)(kind, each))) return;
  const isText = kind === 'text' && !named;
  throw new ConfigError({
    code: 'CONFIG_DATA_KIND',
    where: '--data',
    expected: `${KIND_NAMES[kind]}, as the run was trained on`,
    got: `${source}, ${named === undefined ? 'which holds' : 'said to be'} ${KIND_NAMES[first]}`,
    fix: `Name ${KIND_NAMES[kind]}, or a run on ${KIND_NAMES[first]}${isText ? `; if it is text all the same, say text:${path}` : ''}.`,
  });
}

function isNamedAs(kind: Kind, given: Kind): boolean {
  return given === kind || (isImage(kind) && isImage(given));
}

function isReadAs(kind: Kind, given: Kind): boolean {
  if (isNamedAs(kind, given)) return true;
  return (kind === 'table' || kind === 'ratings') && (given === 'table' || given === 'text');
}

function isImage(kind: Kind): boolean {
  return kind === 'image' || kind === 'array';
}

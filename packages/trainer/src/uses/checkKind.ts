/** Whether data is of the kind that a run was trained on. */
import { kindByEnding, parseSourceName, type DataFormat } from '@lockstep/data';
import { ConfigError } from '../errors.ts';

/**
 * Pictures and arrays have the same files. All files but text are refused by what is in them where they are
 * of another kind; for text anything will do, so the name decides.
 * @throws ConfigError
 */
export function checkKind(source: string, { kind }: DataFormat): void {
  const { kind: named, path } = parseSourceName(source);
  const given = named ?? (kind === 'text' ? kindByEnding(path) : undefined) ?? kind;
  const isImage = (of: string): boolean => of === 'image' || of === 'array';
  if (given === kind || (isImage(given) && isImage(kind))) return;
  throw new ConfigError({
    code: 'CONFIG_DATA_KIND',
    where: '--data',
    expected: `${kind} data, as the run was trained on`,
    got: source,
    fix: `Name data of that kind, or a run on ${given} data${named ? '' : `; if it is ${kind} all the same, say ${kind}:${path}`}.`,
  });
}

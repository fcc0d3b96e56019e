/** Whether data is of the kind that a run was trained on. */
import { parseSourceName, type DataFormat } from '@lockstep/data';
import { ConfigError } from '../errors.ts';

/** Pictures and arrays have the same files. @throws ConfigError */
export function checkKind(source: string, { kind }: DataFormat): void {
  const { kind: given = kind } = parseSourceName(source);
  const isImage = (of: string): boolean => of === 'image' || of === 'array';
  if (given === kind || (isImage(given) && isImage(kind))) return;
  throw new ConfigError({
    code: 'CONFIG_DATA_KIND',
    where: '--data',
    expected: `${kind} data, as the run was trained on`,
    got: source,
    fix: `Name data of that kind, or a run on ${given} data.`,
  });
}

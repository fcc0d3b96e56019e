/** `kind:path`, a path alone, or the name of data that comes with us. */
import type { DataKind } from './format.ts';

const DATA_KINDS: readonly DataKind[] = ['image', 'array', 'table', 'text', 'audio', 'ratings'];

const BUNDLED: ReadonlyMap<string, DataKind> = new Map([
  ['mnist', 'image'],
  ['sprites', 'image'],
  ['tastes', 'ratings'],
]);

export interface SourceName {
  /** Absent: to be seen from the content. */
  readonly kind?: DataKind;
  readonly path: string;
}

export function parseSourceName(source: string): SourceName {
  const bundled = BUNDLED.get(source);
  if (bundled) return { kind: bundled, path: source };
  const [before = '', ...after] = source.split(':');
  const kind = DATA_KINDS.find((each) => each === before);
  return kind !== undefined && after.length > 0
    ? { kind, path: after.join(':') }
    : { path: source };
}

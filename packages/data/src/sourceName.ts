/** `kind:path`, or a path alone. */
import type { DataKind } from './format.ts';

const DATA_KINDS: readonly DataKind[] = ['image', 'array', 'table', 'text', 'audio', 'ratings'];

export interface SourceName {
  /** Absent: to be seen from the content. */
  readonly kind?: DataKind;
  readonly path: string;
}

export function parseSourceName(source: string): SourceName {
  const [before = '', ...after] = source.split(':');
  const kind = DATA_KINDS.find((each) => each === before);
  return kind !== undefined && after.length > 0
    ? { kind, path: after.join(':') }
    : { path: source };
}

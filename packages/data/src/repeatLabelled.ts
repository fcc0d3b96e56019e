/**
 * Examples with a label taken several times in an epoch, where few have one: a step then always sees some,
 * and its gradient says the same of classes as the last one did. What is repeated is a row of its own, with
 * noise of its own, behind the part's other rows.
 */
import { DataError } from './errors.ts';
import type { Part } from './parts.ts';

/**
 * @param share of the rows that shall have a label
 * @throws DATA_OPTION where the part has none, or as many already
 */
export function repeatLabelled(part: Part, share: number | undefined): Part {
  if (share === undefined) return part;
  const { info, labels } = part;
  const labelled: number[] = [];
  labels?.forEach((label, row) => {
    if (label >= 0) labelled.push(row);
  });
  const others = info.count - labelled.length;
  const times = Math.round((share * others) / (labelled.length * (1 - share)));
  if (labels === undefined || labelled.length === 0 || times < 2) {
    throw nothingToRepeat(info.source, share, labelled.length / info.count);
  }
  if (info.valueType === 'sparse') throw isSparse(info.source);
  const repeats = Uint32Array.from(
    { length: (times - 1) * labelled.length },
    (_, i) => labelled[i % labelled.length] ?? 0,
  );
  const ofRepeats = Array.from(repeats, (row) => labels[row] ?? 0);
  return {
    ...part,
    repeats,
    labels: Int32Array.from([...labels, ...ofRepeats]),
    info: {
      ...info,
      count: info.count + repeats.length,
      knownLabels: times * labelled.length,
    },
  };
}

function nothingToRepeat(source: string, share: number, has: number): DataError {
  return new DataError({
    code: 'DATA_OPTION',
    where: 'labelledShare',
    expected: `data of which a smaller share than ${share} has a label`,
    got: has === 0 ? `${source}, which has no labels` : `${source}: ${has.toFixed(4)} of it`,
    fix: 'Leave it out, or keep fewer labels (--labels).',
  });
}

function isSparse(source: string): DataError {
  return new DataError({
    code: 'DATA_OPTION',
    where: 'labelledShare',
    expected: 'dense examples',
    got: `${source}, which is sparse`,
    fix: 'Leave it out.',
  });
}

/** What somebody who trains on a table should know of its columns, a sentence each. */
import { countKinds, type ColumnReport } from './describeColumns.ts';

/** `isGiven`: a schema says what they are. */
export function columnNotes(
  columns: readonly ColumnReport[],
  { isGiven, label }: { readonly isGiven: boolean; readonly label: string | undefined },
): string[] {
  return [
    kindsNote(columns, isGiven),
    ...(isGiven ? [] : [...ignoredNotes(columns), ...risingNotes(columns), ...dateNotes(columns)]),
    ...labelNotes(columns, label),
  ];
}

function kindsNote(columns: readonly ColumnReport[], isGiven: boolean): string {
  const counts = countKinds(columns);
  return isGiven
    ? `${counts}, as the schema says.`
    : `${counts}; \`lockstep data schema\` writes them to a file to edit.`;
}

function ignoredNotes(columns: readonly ColumnReport[]): string[] {
  return columns
    .filter(({ kind }) => kind === 'ignore')
    .map(({ name, remark }) => `Column "${name}" is ignored: ${remark}.`);
}

/** Of a file that was cut out of a longer one, the numbers of the rows have gaps; times rise as well. */
function risingNotes(columns: readonly ColumnReport[]): string[] {
  return columns
    .filter(({ mayNumberRows }) => mayNumberRows)
    .map(
      ({ name }) =>
        `Column "${name}" is learned from; its whole numbers are all different and greater from row to row. If they are no times but number the rows, give it the kind ignore in a schema.`,
    );
}

function dateNotes(columns: readonly ColumnReport[]): string[] {
  return columns
    .filter(({ mayBeDates }) => mayBeDates)
    .map(
      ({ name }) =>
        `Column "${name}" looks like dates, but whether the day or the month comes first is not clear, so it is taken for texts. Say it: --read dates=dmy (or mdy), or \`kind: date\` and \`order: dmy\` in a schema.`,
    );
}

/** A label that is learned from as if it were a feature makes a model look better than it is. */
function labelNotes(columns: readonly ColumnReport[], label: string | undefined): string[] {
  if (label !== undefined) return [];
  const looks = columns.find(
    ({ name, kind }) => kind !== 'ignore' && /^(label|class|target|y)$/i.test(name),
  );
  return looks
    ? [
        `Column "${looks.name}" is learned from like the others; if it is the label, say so (--read label=${looks.name}).`,
      ]
    : [];
}

/** What whoever trains should know of the data, a sentence each. */
import { areExamplesSame, type DataSource, type Dataset } from '@lockstep/data';

export function dataNotes(
  { notes, splitNotes }: Pick<DataSource, 'notes' | 'splitNotes'>,
  trained: Dataset,
): readonly string[] {
  const same = areExamplesSame(trained) ? [sameNote(trained)] : [];
  return [...notes, ...splitNotes, ...same];
}

function sameNote({ count, source, format }: Dataset): string {
  const perhaps = format.kind === 'audio' ? ', as silence is' : '';
  return `All ${count} training examples of ${source} are the same${perhaps}: there is nothing to learn that tells them apart. Check the data.`;
}

/** Labels of a table's rows that training has no name for. */
import type { UnseenLabels } from '../sources/exampleSource.ts';

/** What has a text, `texts[codes[row]]`, and no label (-1). Undefined where there is none. */
export function unseenAmong(
  codes: Int32Array,
  texts: readonly string[],
  labels: Int32Array,
): UnseenLabels | undefined {
  const unseen = new Map<string, number[]>();
  labels.forEach((label, row) => {
    const text = label < 0 ? texts[codes[row] ?? -1] : undefined;
    if (text === undefined) return;
    const rows = unseen.get(text);
    if (rows) rows.push(row);
    else unseen.set(text, [row]);
  });
  return unseen.size > 0 ? unseen : undefined;
}

import type {
  ColumnReport,
  ColumnStatistics,
  PartDescription,
  TextStatistics,
} from '@lockstep/trainer/datasets';
import type { Context } from '../context.ts';
import type { DataInfoFlags } from '../dataProgram.ts';
import { formatCount, formatMetric, plural } from '../report/format.ts';
import { writeJson } from '../report/writeJson.ts';
import { dataOptionsOf } from './dataOptions.ts';

const MOST_ROWS = 100;

export async function dataInfoCommand(
  data: string,
  flags: DataInfoFlags,
  { stdout }: Context,
): Promise<void> {
  const { describeData } = await import('@lockstep/trainer/datasets');
  const described = await describeData(data, await dataOptionsOf(flags));
  if (flags.json) return writeJson(stdout, { event: 'data', data, ...described });
  const { kind, shape, valueType, parts, classes, classNames, columns, table, text } = described;
  const { renderTable } = await import('../report/table.ts');
  const texts = [
    renderTable([
      ['kind', kind],
      ['example', `[${shape.join(', ')}], stored as ${valueType}`],
      ...parts.map((part) => [part.part, partText(part)]),
      ...(classes === undefined ? [] : [['classes', formatCount(classes)]]),
      ...(text ? textRows(text) : []),
    ]),
  ];
  if (classes !== undefined) {
    const labels = Array.from({ length: Math.min(classes, MOST_ROWS) }, (_, i) => i);
    texts.push(
      renderTable(
        labels.map((label) => [
          classNames?.[label] ?? String(label),
          ...parts.map(({ ofClass }) => formatCount(ofClass?.[label] ?? 0)),
        ]),
        { head: ['class', ...parts.map(({ part }) => part)] },
      ),
    );
  }
  const rows = table ? tableRows(table, columns) : columns.map(statisticsRow);
  const head = table
    ? ['column', 'kind', 'missing', 'holds', 'mean', 'deviation']
    : ['of the training part', 'values', 'missing', 'min', 'mean', 'max', 'deviation'];
  if (rows.length > 0) texts.push(renderTable(rows.slice(0, MOST_ROWS), { head }));
  if (rows.length > MOST_ROWS) texts.push(`and ${rows.length - MOST_ROWS} more\n`);
  // A table's are among the remarks on its columns.
  const notes = [...(table ? [] : described.notes), ...described.splitNotes];
  if (notes.length > 0) texts.push(`${notes.join('\n')}\n`);
  if (table) {
    const same = flags.read === undefined ? '' : ', with the same --read';
    texts.push(`To change kinds: lockstep data schema ${data} --out schema.yaml${same}\n`);
  }
  stdout.write(texts.join('\n'));
}

function partText({ examples, unlabelled }: PartDescription): string {
  const hidden = unlabelled === undefined ? '' : `, ${formatCount(unlabelled)} without a label`;
  return plural(examples, 'example') + hidden;
}

/** Of the training part. */
function textRows({ unit, vocabulary, characters, unknown, mean, longest, cut }: TextStatistics) {
  const unknowns = unknown > 0 ? `, ${formatCount(unknown)} of them unknown` : '';
  return [
    ['tokens', `${unit === 'character' ? 'characters' : 'byte pairs'}, ${formatCount(vocabulary)}`],
    ['characters', `${formatCount(characters)} to train on${unknowns}`],
    ['  of an example', `${formatMetric(mean)} in the mean, ${formatCount(longest)} at most`],
    ...(cut === undefined ? [] : [['lines cut off', formatCount(cut)]]),
  ];
}

function statisticsRow(column: ColumnStatistics): string[] {
  const { name, count, missing, min, mean, max, deviation } = column;
  const numbers = [min, mean, max, deviation].map((value) =>
    value === undefined ? '' : formatMetric(value),
  );
  return [name, formatCount(count), formatCount(missing), ...numbers];
}

/** Columns as the file has them; mean and deviation of the training part, where numbers have them. */
function tableRows(
  table: readonly ColumnReport[],
  statistics: readonly ColumnStatistics[],
): string[][] {
  return table.map(({ name, kind, missing, remark }) => {
    const isNumber = kind === 'numeric' || kind === 'log';
    const of = isNumber ? statistics.find((column) => column.name === name) : undefined;
    const numbers = [of?.mean, of?.deviation].map((value) =>
      value === undefined ? '' : formatMetric(value),
    );
    return [name, kind, formatCount(missing), remark, ...numbers];
  });
}

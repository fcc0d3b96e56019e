import type { ColumnStatistics, PartDescription } from '@lockstep/trainer/datasets';
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
  const described = await describeData(data, dataOptionsOf(flags));
  if (flags.json) return writeJson(stdout, { event: 'data', data, ...described });
  const { kind, shape, valueType, parts, classes, classNames, columns } = described;
  const { renderTable } = await import('../report/table.ts');
  const texts = [
    renderTable([
      ['kind', kind],
      ['example', `[${shape.join(', ')}], stored as ${valueType}`],
      ...parts.map((part) => [part.part, partText(part)]),
      ...(classes === undefined ? [] : [['classes', formatCount(classes)]]),
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
  texts.push(
    renderTable(columns.slice(0, MOST_ROWS).map(statisticsRow), {
      head: ['of the training part', 'values', 'missing', 'min', 'mean', 'max', 'deviation'],
    }),
  );
  if (columns.length > MOST_ROWS) texts.push(`and ${columns.length - MOST_ROWS} more\n`);
  stdout.write(texts.join('\n'));
}

function partText({ examples, unlabelled }: PartDescription): string {
  const hidden = unlabelled === undefined ? '' : `, ${formatCount(unlabelled)} without a label`;
  return plural(examples, 'example') + hidden;
}

function statisticsRow(column: ColumnStatistics): string[] {
  const { name, count, missing, min, mean, max, deviation } = column;
  const numbers = [min, mean, max, deviation].map((value) =>
    value === undefined ? '' : formatMetric(value),
  );
  return [name, formatCount(count), formatCount(missing), ...numbers];
}

import type { RankingMeasures, RecommendResult } from '@lockstep/trainer';
import type { Context } from '../context.ts';
import type { RecommendFlags } from '../recommendProgram.ts';
import { formatCount } from '../report/format.ts';
import { shownPath } from '../report/shownPath.ts';
import { runUse } from './runUse.ts';

/** Returns the exit code. */
export function recommendCommand(
  run: string,
  { json, ...flags }: RecommendFlags,
  context: Context,
): Promise<number> {
  return runUse(context, {
    ...{ name: 'recommend', event: 'recommendations', json },
    run: ({ recommendRun }, shared) => recommendRun(run, { ...flags, ...shared }),
    print: (result) => print(result, context),
  });
}

async function print(result: RecommendResult, { stdout }: Context): Promise<void> {
  const { renderTable } = await import('../report/table.ts');
  const { evaluation, recommendations } = result;
  stdout.write(
    renderTable([
      ['checkpoint', shownPath(result.checkpoint)],
      ['users', `${formatCount(result.users)} of ${result.source}`],
      ['items', formatCount(result.items)],
      ...result.files.map(({ kind, path }) => [kind, shownPath(path)]),
    ]),
  );
  if (evaluation) {
    const { users, model, popularity } = evaluation;
    const head = [`${formatCount(users)} users`, 'recall@20', 'recall@50', 'NDCG@100'];
    const align = ['left', 'right', 'right', 'right'] as const;
    const rows = [measures('model', model), measures('popularity', popularity)];
    stdout.write(`\n${renderTable(rows, { head, align })}`);
    const trivial = [20, 50].filter((k) => k >= evaluation.candidates).map((k) => `recall@${k}`);
    if (trivial.length > 0) {
      stdout.write(
        `\nNo user has more than ${evaluation.candidates} items to choose from: ${trivial.join(' and ')} would be 1 in any order.\n`,
      );
    }
  }
  if (recommendations) {
    const rows = recommendations.map(({ rank, item, score }) => [
      String(rank),
      item,
      score.toFixed(3),
    ]);
    const align = ['right', 'left', 'right'] as const;
    stdout.write(`\n${renderTable(rows, { head: ['rank', 'item', 'score'], align })}`);
  }
}

function measures(name: string, { recall20, recall50, ndcg100 }: RankingMeasures): string[] {
  return [name, ...[recall20, recall50, ndcg100].map((value) => value.toFixed(4))];
}

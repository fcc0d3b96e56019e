/** How well a model of ratings ranks: recall and NDCG. */
import { rowsToDataset } from '@lockstep/data/ratings';
import { firstLack, lacksFunction, lacksKind } from '../lacks.ts';
import type { Metric } from '../metric.ts';
import { itemCounts, judgeRanking, scorePieces } from '../ranking.ts';

/** Recall and NDCG of hidden items, and popularity's beside them. */
export const ranking: Metric = {
  name: 'ranking',
  lacks: firstLack(lacksKind('ratings', 'recommend'), lacksFunction('scores', 'scores')),
  async compute({ mapper, job }) {
    const { format, source } = job.data.test;
    const items = format.kind === 'ratings' ? format.items.length : 0;
    const { train, test } = job.data.ratings;
    if (!train || !test) throw new Error('ratings were checked for');
    const toDataset = rowsToDataset(await mapper.data('test'));
    const { model, popularity, ...others } = await judgeRanking(test, {
      where: source,
      popularity: await itemCounts(train, items),
      eachUser: async ({ rows }, take) => {
        const data = toDataset(rows);
        await mapper.mapData('scores', {
          data,
          examples: data.count,
          ...scorePieces(items, take),
        });
      },
    });
    return {
      ...model,
      popularityRecall20: popularity.recall20,
      popularityRecall50: popularity.recall50,
      popularityNdcg100: popularity.ndcg100,
      ...others,
    };
  },
};

/** How many characters the examples of a text hold: what bits per character are divided by. */
import type { DataPart, DataSource } from '@lockstep/data';
import { characterCount, END_TOKEN, textCodec } from '@lockstep/data/text';
import { eachBlock } from '../datasets/eachBlock.ts';

/**
 * Characters (code points) that the tokens of a part stand for, whatever the unit of a token, and one for
 * each end that they have: just what a model of the tokens scores. A character that the vocabulary does not
 * have counts as one. What is behind the last token of an example that is cut off does not count, nor an end
 * there.
 */
export async function countCharacters(data: DataSource, part: DataPart): Promise<number> {
  const { format } = data.train;
  if (format.kind !== 'text') throw new Error('text was checked for');
  const { length } = format;
  const { decode } = textCodec(format);
  let characters = 0;
  await eachBlock(data, part, (x, count) => {
    for (let i = 0; i < count; i++) {
      const ids = x.subarray(i * length, (i + 1) * length);
      characters += characterCount(decode(ids)) + (ids.includes(END_TOKEN) ? 1 : 0);
    }
  });
  return characters;
}

/** Commands on the page can be pasted into a shell as they stand. */
import { expect, it } from 'vitest';
import { page } from './page.ts';

const model = { name: 'm', checkpoint: 'c', step: 1, kind: 'array', shape: [300] };
const shown = async (example: unknown): Promise<string> => {
  const functions = [{ use: 'encode', input: { schema: {}, example }, outputs: {} }] as const;
  return String(await page({ model, functions }, 'http://x'));
};

it('a short example stands in its command, quotes and all', async () => {
  const command = /<pre>(curl .*)<\/pre>/.exec(await shown("it's"))?.[1] ?? '';
  const plain = command.replaceAll('&#39;', "'").replaceAll('&quot;', '"');
  expect(plain).toMatch(/^curl http:\/\/x\/encode -H 'Content-Type: application\/json' -d '/);
  expect(plain.endsWith(`-d '{"inputs":["it'\\''s"]}'`)).toBe(true);
});

it('a long one is a file that the page holds', async () => {
  const example = Array<number>(300).fill(0.25);
  const text = await shown(example);
  expect(text).toMatch(/<pre>curl .* -d @encode\.json<\/pre>/);
  const link = /download="encode\.json" href="data:application\/json,([^"]*)"/.exec(text)?.[1];
  expect(JSON.parse(decodeURIComponent(link ?? ''))).toEqual({ inputs: [example] });
});

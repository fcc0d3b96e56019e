import { expect, it } from 'vitest';
import { orAborted } from './orAborted.ts';

async function waited(abortAt: 'before' | 'meanwhile' | 'after', isGood = true) {
  const abort = new AbortController();
  const discarded: string[] = [];
  let end = (): void => undefined;
  const work = new Promise<string>((resolve, reject) => {
    end = () => (isGood ? resolve('done') : reject(new Error('broken')));
  });
  if (abortAt === 'before') abort.abort(new Error('enough'));
  const result = orAborted(work, abort.signal, (late) => {
    discarded.push(late);
    return Promise.resolve();
  }).catch(({ message }: Error) => message);
  if (abortAt === 'meanwhile') abort.abort(new Error('enough'));
  end();
  const got = await result;
  if (abortAt === 'after') abort.abort(new Error('enough'));
  await new Promise(setImmediate);
  return { got, discarded };
}

it.each(['before', 'meanwhile'] as const)(
  'aborted %s, it rejects, and what comes later is discarded',
  async (abortAt) => {
    expect(await waited(abortAt)).toEqual({ got: 'enough', discarded: ['done'] });
    expect(await waited(abortAt, false)).toEqual({ got: 'enough', discarded: [] });
  },
);

it('is as what it waits for where nobody aborts it meanwhile', async () => {
  expect(await waited('after')).toEqual({ got: 'done', discarded: [] });
  expect(await waited('after', false)).toEqual({ got: 'broken', discarded: [] });
});

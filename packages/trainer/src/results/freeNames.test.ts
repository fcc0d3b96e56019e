import { expect, it } from 'vitest';
import { freeNames } from './freeNames.ts';

it.each([
  ['stay where they are free', ['id', 'shop'], ['score'], ['id', 'shop']],
  ['get a mark where they are taken', ['score', 'id'], ['score'], ['_score', 'id']],
  ['as often as it must', ['score'], ['score', '_score'], ['__score']],
  ['never become one that came before', ['_score', 'score'], ['score'], ['_score', '__score']],
  ['nor one that comes', ['score', '_score'], ['score'], ['_score', '__score']],
])('names %s', (_, names, taken, free) => {
  expect(freeNames(names, taken)).toEqual(free);
});

import { describe, expect, test } from 'vitest';
import { parse, usage } from './testing/parseCommand.ts';

describe('data', () => {
  test("takes train's flags that say how data is read and parted", async () => {
    const flags =
      '--validation-hold-out 0.1 --hold-out 0.2 --split stratified --split-seed 3 --augment flip,crop:4';
    expect(await parse('data', 'info', 'mnist', ...flags.split(' '), '--json')).toEqual([
      'data info',
      'mnist',
      {
        validationHoldOut: 0.1,
        holdOut: 0.2,
        split: 'stratified',
        splitSeed: 3,
        augment: 'flip,crop:4',
        json: true,
      },
    ]);
    expect(await parse('data', 'preview', 'a', '--out', 'a.png', '--part', 'test')).toEqual([
      'data preview',
      'a',
      { count: 25, out: 'a.png', part: 'test' },
    ]);
    expect(await parse('data', 'schema', 'a.csv', '--read', 'label=b', '--out', 'a.yaml')).toEqual([
      'data schema',
      'a.csv',
      { read: { label: 'b' }, out: 'a.yaml' },
    ]);
    expect(await parse('data', 'split', 'a', '--out', 'parts')).toEqual([
      'data split',
      'a',
      { out: 'parts' },
    ]);
    expect(await parse('data', 'get')).toEqual(['data get', undefined, {}]);
    expect(await parse('data', 'get', 'kmnist', '--quiet')).toEqual([
      'data get',
      'kmnist',
      { quiet: true },
    ]);
  });

  test.each([
    [['split', 'a'], 'lockstep data split'],
    [['info', 'a', '--hold-out', '1'], '--hold-out'],
    [['preview', 'a', '--part', 'all'], '--part'],
    [['info', 'a', '--split-seed', '-1'], '--split-seed'],
  ])('refuses %j', async (args, where) => {
    expect(await usage('data', ...args)).toMatchObject({ where });
  });
});

/** A table from the file to the model by the command line: its schema, its parts. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { jsonLines, lockstep, type Finished } from '../testing/lockstep.ts';

const folder = mkdtempSync(join(tmpdir(), 'lockstep-tables-'));
afterAll(() => rmSync(folder, { recursive: true }));
const run = (...args: string[]): Promise<Finished> => lockstep(args, { cwd: folder });

/** 200 payments: an amount that is skewed, a shop, a hand-written remark over two lines now and then. */
const rows = Array.from({ length: 200 }, (_, i) => {
  const amount = (Math.exp(((i * 37) % 31) / 3) + i / 100).toFixed(2);
  const remark = i % 50 === 7 ? '"first\nsecond"' : 'none';
  return `${amount},${['baker', 'grocer', 'tailor'][i % 3]},${i % 17},${remark},${i % 4 === 0 ? 'bad' : 'good'}`;
});
writeFileSync(join(folder, 'payments.csv'), `amount,shop,hour,remark,class\n${rows.join('\n')}\n`);
const TRAIN = ['train', '--preset', 'tabular', '--steps', '3', '--workers', '1', '--json'];
const TABLE = ['--data', 'payments.csv', '--read', 'label=class'];

/** What a run's checkpoint knows of a column. */
function columnOf(out: string, name: string): unknown {
  const bytes = readFileSync(join(folder, out, 'checkpoints/step-00000003.safetensors'));
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + Number(bytes.readBigUInt64LE()))) as {
    readonly __metadata__: Readonly<Record<string, string>>;
  };
  const metadata = Object.values(header.__metadata__).join('\n');
  return new RegExp(`\\{"kind":"(\\w+)","name":"${name}"`).exec(metadata)?.[1];
}

test('a schema is shown, written, edited and held by what is trained with it', async () => {
  const info = await run('data', 'info', 'payments.csv', '--read', 'label=class');
  expect(info.stdout).toMatch(/amount +log +0 +\d.* to 22028\.38 /);
  expect(info.stdout).toMatch(/shop +categorical +0 +3 categories: "baker", "grocer", "tailor"/);
  expect(info.stdout).toMatch(/hour +numeric +0 +0 to 16, whole numbers +7\.\d+ +4\.\d+/);
  expect(info.stdout).toContain('lockstep data schema payments.csv --out schema.yaml');

  const args = ['data', 'schema', 'payments.csv', '--read', 'label=class'];
  const printed = await run(...args);
  const written = await run(...args, '--out', 'schema.yaml');
  expect(written.stdout).toContain('--read schema=schema.yaml');
  const text = readFileSync(join(folder, 'schema.yaml'), 'utf8');
  expect(printed.stdout).toBe(text);
  expect((await run(...args, '--out', 'schema.yaml')).stderr).toContain('RUN_FILE_EXISTS');

  const [first] = jsonLines(await run(...TRAIN, ...TABLE, '--out', 'inferred'));
  expect(first?.['dataNotes']).toContain(
    '5 columns: 1 numeric, 1 log, 2 categorical, 1 label; `lockstep data schema` writes them to a file to edit.',
  );
  const edited = text
    .replace('name: amount, kind: log', 'name: amount, kind: numeric')
    .replace('name: hour, kind: numeric', 'name: hour, kind: ordinal');
  writeFileSync(join(folder, 'schema.yaml'), edited);
  const read = ['--data', 'payments.csv', '--read', 'schema=schema.yaml', '--out', 'edited'];
  const trained = await run(...TRAIN, ...read);
  expect(jsonLines(trained)[0]?.['dataNotes']).toContain(
    '5 columns: 1 numeric, 2 categorical, 1 ordinal, 1 label, as the schema says.',
  );
  expect(['amount', 'hour', 'class'].map((name) => columnOf('edited', name))).toEqual([
    'numeric',
    'ordinal',
    'label',
  ]);
});

test('parts that are written are trained on', async () => {
  const flags = ['--read', 'label=class', '--validation-hold-out', '0.2', '--split', 'stratified'];
  const split = await run('data', 'split', 'payments.csv', ...flags, '--out', 'parts');
  expect(split.stdout).toMatch(/train +140 examples +parts\/train\.csv/);
  const command = /lockstep (train .*)/.exec(split.stdout)?.[1]?.split(' ') ?? [];
  expect(command).toEqual(
    expect.arrayContaining(['--preset', 'tabular', '--read', 'schema=parts/schema.yaml']),
  );
  const trained = await run(...TRAIN, ...command.slice(1), '--out', 'p');
  expect(jsonLines(trained)[0]).toMatchObject({
    ...{ examples: 140, validationExamples: 40, testExamples: 20 },
  });
  expect(trained.code).toBe(0);
});

test('a class of one row is remarked on by a stratified split', async () => {
  const made = Array.from({ length: 120 }, (_, i) => `${i % 17},${i === 60 ? 'abuse' : 'fine'}`);
  writeFileSync(join(folder, 'fraud.csv'), `amount,class\n${made.join('\n')}\n`);
  const flags = ['--read', 'label=class', '--split', 'stratified'];
  const remark = '"abuse" (of 1 none in test)';
  expect((await run('data', 'info', 'fraud.csv', ...flags)).stdout).toContain(remark);
  const split = await run('data', 'split', 'fraud.csv', ...flags, '--out', 'fraud');
  expect(split.stdout).toContain(remark);
  const trained = await run(...TRAIN, '--data', 'fraud.csv', ...flags, '--out', 'few');
  expect(jsonLines(trained)[0]?.['dataNotes']).toContainEqual(expect.stringContaining(remark));
  const classified = await run('classify', 'few', '--workers', '1');
  expect(classified.stdout).toMatch(/F1, mean of 1 class with examples or predictions +1\.0000\n/);
  expect(classified.stdout).toMatch(/abuse +0\.0000 +0\.0000 +0\.0000 +0\n/);
});

test('a trained model takes the same rows from a file that is written in another way', async () => {
  expect((await run(...TRAIN, ...TABLE, '--out', 'uses')).code).toBe(0);
  const head = 'amount;shop;hour;remark;class\n';
  const german = rows.map((row) =>
    row.replaceAll(',', ';').replace('.', ',').replace(/;3;/, ';k.A.;'),
  );
  writeFileSync(join(folder, 'german.csv'), `${head}${german.join('\n')}\n`);
  const missing = rows.map((row) => row.replace(/,3,/, ',,'));
  writeFileSync(join(folder, 'same.csv'), `amount,shop,hour,remark,class\n${missing.join('\n')}\n`);
  const embed = (...args: string[]) => run('embed', 'uses', '--workers', '1', ...args);
  const refused = await embed('--data', 'german.csv', '--out', 'refused.csv');
  expect(refused.stderr).toMatch(/DATA_TABLE_LOCALE\n.*german\.csv, row 2, column "amount"/);
  expect(refused.stderr).toContain('--read decimal=,');
  const read = ['--read', 'decimal=,,missing=k.A.'];
  expect((await embed('--data', 'german.csv', ...read, '--out', 'german-mu.csv')).stderr).toBe('');
  expect((await embed('--data', 'same.csv', '--out', 'same-mu.csv')).stderr).toBe('');
  const [there, here] = ['german-mu.csv', 'same-mu.csv'].map((name) =>
    readFileSync(join(folder, name), 'utf8'),
  );
  expect(there).toBe(here);
  const others = missing.map((row) => row.replace(/^([^,]*,[^,]*),[^,]*/, '$1'));
  writeFileSync(join(folder, 'other.csv'), `amount,shop,new,class\n${others.join('\n')}\n`);
  const ignore = ['--data', 'other.csv', '--unknown', 'ignore', '--out', 'other-mu.csv'];
  expect((await embed(...ignore)).stderr.trim().split('\n')).toEqual([
    'Column "hour" is not there: it counts as missing in every row.',
    'Column "remark" is not there: it counts as missing in every row.',
    'Column "new" is passed over: the training data did not have it.',
  ]);
  const quiet = await embed(...ignore, '--json');
  expect(quiet.stderr).toBe('');
  expect(jsonLines(quiet)).toEqual([
    expect.objectContaining({
      event: 'embedding',
      notices: ['"hour" is not there', '"remark" is not there', '"new" is passed over'].map(
        (text) => ({ code: 'NOTICE_DATA', text: expect.stringContaining(text) as string }),
      ),
    }),
  ]);
  for (const [args, where] of [
    [['--data', 'same.csv', '--read', 'label=shop'], /DATA_OPTION\n.*--read label/],
    [['--read', 'decimal=,'], /CONFIG_DATA_PART\n.*--read/],
  ] as const) {
    expect((await embed(...args, '--out', 'no.csv')).stderr).toMatch(where);
  }
});

test('text whose lines look like rows is said to, where nobody called it text', async () => {
  const text = readFileSync(join(folder, 'payments.csv'), 'utf8').replaceAll(
    /"first\nsecond"/g,
    'x',
  );
  writeFileSync(join(folder, 'payments.txt'), text);
  const hint =
    'lines look like rows of a table, 5 columns with "," between them. If it is one: table:payments.txt';
  expect((await run('data', 'info', 'payments.txt')).stdout).toContain(hint);
  const [info] = jsonLines(await run('data', 'info', 'payments.txt', '--json'));
  expect(info?.['notes']).toEqual([expect.stringContaining(hint)]);
  for (const told of ['text:payments.txt', 'table:payments.txt']) {
    expect((await run('data', 'info', told)).stdout).not.toContain('lines look like');
  }
});

test('data that is no table has no schema', async () => {
  const { stderr, code } = await run('data', 'schema', 'mnist');
  expect([code, stderr]).toEqual([1, expect.stringContaining('DATA_WRONG_KIND')]);
});

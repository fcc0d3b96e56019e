import { expect, test } from 'vitest';
import { reviveError, serializeError } from '@lockstep/protocol';
import { UsageError } from '../usageError.ts';
import { recordOutput } from '../testing/recordOutput.ts';
import { errorEvent, errorText } from './errorReport.ts';
import { reportError } from './reportError.ts';

const details = {
  code: 'DATA_TRUNCATED',
  where: 'train-images.gz',
  expected: '47,040,016 bytes',
  got: '12',
  fix: 'Fetch it again.',
};
const typed = new UsageError(details);

test('an error that a user can mend: a block without a stack', () => {
  expect(errorText(typed)).toBe(
    [
      'error: DATA_TRUNCATED',
      '  where     train-images.gz',
      '  expected  47,040,016 bytes',
      '  got       12',
      '  fix       Fetch it again.',
      '',
    ].join('\n'),
  );
});

test('lines of a longer text stay in their column', () => {
  const text = errorText(new UsageError({ ...details, fix: 'One.\nTwo.' }));
  expect(text).toContain('  fix       One.\n            Two.\n');
});

test('from a worker: its name and its stack', () => {
  const text = errorText(reviveError(serializeError(typed, 'worker 3')));
  expect(text).toContain('  worker    worker 3\n');
  expect(text).toMatch(/\n {4}at .*errorReport\.test\.ts/);
  expect(text.match(/Fetch it again/g)).toHaveLength(1);
});

test('an unexpected error: message, stack and causes', () => {
  const text = errorText(new TypeError('no x', { cause: new Error('inner') }));
  expect(text).toMatch(/^error: TypeError: no x\n {4}at /);
  expect(text).toMatch(/caused by Error: inner\n {4}at /);
});

test("a user's own file that threw shows its line, a system error nothing new", () => {
  const thrown = new UsageError(details);
  thrown.cause = new TypeError('x is not a function');
  expect(errorText(thrown)).toMatch(/caused by TypeError: x is not a function\n {4}at /);
  thrown.cause = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
  expect(errorText(thrown)).not.toContain('caused by');
});

test.each([
  ['onlyLabels', ['train', '--only-labels', 'foo'], '--only-labels'],
  ['labelledShare', ['train', '--labelled-share=2'], '--labelled-share'],
  ['test', ['train', '--test-data', 'x', '--hold-out', '0.1'], '--test-data'],
  ['read, unknown', ['embed', 'r', '--unknown', 'ignore'], '--unknown'],
  ['read, decimal', ['embed', 'r', '--read', 'decimal=,'], '--read decimal'],
  ['mels', ['train', '--read=hop=3,mels=-1'], '--read mels'],
  ['text, tokens', ['train', '--read', 'tokens=0'], '--read tokens'],
  ['mnist', ['train', '--read', 'tokens=0'], 'mnist'],
  ['read, decimal', ['train', 'x.config.ts'], 'read, decimal'],
  // Of a configuration file.
  ['labels', ['train', 'x.config.ts'], 'labels'],
  ['labels', ['train', '--labels-of', '3'], 'labels'],
])('data calls an option %s; after %j it is %s', (where, args, expected) => {
  const error = new UsageError({ ...details, where });
  expect(errorText(error, args)).toContain(`  where     ${expected}\n`);
  expect(errorEvent(error, args)).toMatchObject({
    where: expected,
    message: `${expected}: expected 47,040,016 bytes, got 12. Fetch it again.`,
  });
});

test('as an event', () => {
  expect(errorEvent(typed)).toEqual({ event: 'error', message: typed.message, ...details });
  const unexpected = errorEvent('thrown text');
  expect(unexpected).toEqual({
    event: 'error',
    code: 'UNEXPECTED',
    message: 'NonError: thrown text',
  });
});

test('goes to stdout as JSON or to stderr as text', () => {
  const json = { stdout: recordOutput(), stderr: recordOutput() };
  reportError(typed, ['train', '--json'], json);
  expect([json.stdout.text, json.stderr.text]).toEqual([
    `${JSON.stringify(errorEvent(typed))}\n`,
    '',
  ]);
  const text = { stdout: recordOutput(), stderr: recordOutput() };
  reportError(typed, ['train', '--', '--json'], text);
  expect([text.stdout.text, text.stderr.text]).toEqual(['', errorText(typed)]);
});

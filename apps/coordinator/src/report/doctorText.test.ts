import { expect, test } from 'vitest';
import { doctorText } from './doctorText.ts';

const checks = [
  { name: 'node', works: true, detail: '20.20.2' },
  {
    name: 'engine tensorflow',
    works: false,
    detail: 'expected libtensorflow 2.21.0, got nothing there',
    fix: 'Run `lockstep setup tensorflow`.',
  },
];

test('reason and fix stand below each other', () => {
  expect(doctorText(checks)).toBe(
    '  ok  node               20.20.2\n' +
      '  NO  engine tensorflow  expected libtensorflow 2.21.0, got nothing there\n' +
      '                         Run `lockstep setup tensorflow`.\n',
  );
});

test('a terminal gets lines that fit it', () => {
  const lines = doctorText(checks, 60).trimEnd().split('\n');
  expect(lines.length).toBeGreaterThan(3);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(60);
  expect(lines.join(' ').replaceAll(/\s+/g, ' ')).toContain('2.21.0, got nothing there Run');
});

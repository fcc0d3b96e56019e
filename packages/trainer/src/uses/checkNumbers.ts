/** The numbers that uses of a trained model are told: each name means the same of every use that has it. */
import { MAX_WORKERS } from '@lockstep/collective';
import { ConfigError } from '../errors.ts';

interface NumberRule {
  readonly expected: string;
  fits(value: number): boolean;
}

const wholeFrom = (least: number): NumberRule => ({
  expected: `a whole number of at least ${least}`,
  fits: (value) => Number.isSafeInteger(value) && value >= least,
});
const positive: NumberRule = {
  expected: 'a finite number greater than 0',
  fits: (value) => Number.isFinite(value) && value > 0,
};

const RULES: Readonly<Record<string, NumberRule>> = {
  count: wholeFrom(1),
  examples: wholeFrom(1),
  seed: wholeFrom(0),
  temperature: positive,
  steps: wholeFrom(1),
  dims: wholeFrom(1),
  range: positive,
  draws: wholeFrom(1),
  blame: wholeFrom(0),
  neighbours: wholeFrom(1),
  labels: wholeFrom(1),
  top: wholeFrom(1),
  completions: wholeFrom(1),
  batchWaitMs: {
    expected: 'a finite number of at least 0',
    fits: (value) => Number.isFinite(value) && value >= 0,
  },
  hide: {
    expected: 'a share greater than 0 and less than 1, such as 0.1',
    fits: (value) => value > 0 && value < 1,
  },
};

/** Of all options of a use; what is left out is. @throws ConfigError */
export function checkNumbers(options: object): void {
  for (const [name, value] of Object.entries(options)) {
    const rule = Object.hasOwn(RULES, name) ? RULES[name] : undefined;
    if (rule && value !== undefined) checkNumber(name, value, rule);
  }
}

/** Of a path, both ends among them. @throws ConfigError */
export function checkPoints(steps: number): void {
  checkNumber('steps', steps, wholeFrom(2));
}

/** @throws ConfigError */
export function checkWorkers(workers: number | undefined): void {
  if (workers === undefined || (wholeFrom(1).fits(workers) && workers <= MAX_WORKERS)) return;
  throw new ConfigError({
    code: 'CONFIG_WORKERS',
    where: '--workers',
    expected: `a whole number from 1 to ${MAX_WORKERS}`,
    got: String(workers),
    fix: 'As many as there are cores are of use.',
  });
}

function checkNumber(name: string, value: unknown, { expected, fits }: NumberRule): void {
  if (typeof value === 'number' && fits(value)) return;
  throw new ConfigError({
    code: 'CONFIG_VALUE',
    where: flagOf(name),
    expected,
    got: typeof value === 'number' ? String(value) : JSON.stringify(value),
    fix: 'Correct it.',
  });
}

/** `batchWaitMs` is `--batch-wait-ms`. */
const flagOf = (name: string): string =>
  `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

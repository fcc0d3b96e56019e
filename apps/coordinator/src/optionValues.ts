/** Flag values from text. What is wrong is a UsageError that names the flag. */
import { UsageError } from './usageError.ts';

/** Makes the parser that commander calls with the flag's text. */
export type ValueParser<T> = (text: string) => T;

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

interface IntegerRange {
  readonly min: number;
  readonly max?: number;
}

export type Settings = Readonly<Record<string, number | string | boolean>>;

/** `a=1,b=true,c=text`; a comma with no name behind it is part of the value: `decimal=,`. */
export function settingsOf(flag: string): ValueParser<Settings> {
  return (text) =>
    Object.fromEntries(
      text.split(/,(?=\s*[a-z]\w*\s*=)/i).map((setting) => {
        const at = setting.indexOf('=');
        if (at < 1) throw invalidValue(flag, 'settings such as name=value,other=2', text);
        return [setting.slice(0, at).trim(), settingValue(setting.slice(at + 1))];
      }),
    );
}

function settingValue(given: string): number | string | boolean {
  // A tab may be what parts fields.
  const text = given.trim() || given;
  if (text === 'true' || text === 'false') return text === 'true';
  return DECIMAL.test(text) ? Number(text) : text;
}

/** A whole number in the range; `1e3` and `64.0` are whole numbers too. */
export function integerOf(flag: string, range: IntegerRange): ValueParser<number> {
  const { min, max = Number.MAX_SAFE_INTEGER } = range;
  const expected =
    max === Number.MAX_SAFE_INTEGER
      ? `a whole number of at least ${min}`
      : `a whole number from ${min} to ${max}`;
  return (text) => {
    const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
    if (!Number.isSafeInteger(value) || value < min || value > max) {
      throw invalidValue(flag, expected, text);
    }
    return value;
  };
}

export function positiveNumberOf(flag: string): ValueParser<number> {
  return (text) => {
    const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
    if (!(value > 0 && Number.isFinite(value))) {
      throw invalidValue(flag, 'a number greater than 0', text);
    }
    return value;
  };
}

export function nonNegativeNumberOf(flag: string): ValueParser<number> {
  return (text) => {
    const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
    if (!(value >= 0 && Number.isFinite(value))) {
      throw invalidValue(flag, 'a number of at least 0', text);
    }
    return value;
  };
}

/** A part of the whole. */
export function shareOf(flag: string): ValueParser<number> {
  return (text) => {
    const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
    if (!(value > 0 && value < 1)) {
      throw invalidValue(flag, 'a share greater than 0 and less than 1, such as 0.1', text);
    }
    return value;
  };
}

/** `auto`, or how many; how many are too many the configuration knows. */
export function workersOf(flag: string): ValueParser<number | 'auto'> {
  const count = integerOf(flag, { min: 1 });
  return (text) => {
    if (text === 'auto') return 'auto';
    try {
      return count(text);
    } catch {
      throw invalidValue(flag, 'auto, or a whole number of at least 1', text);
    }
  };
}

/** `on`, `off` or `auto`. */
export function xlaOf(flag: string): ValueParser<boolean | 'auto'> {
  const choice = choiceOf(flag, ['on', 'off', 'auto']);
  return (text) => {
    const chosen = choice(text);
    return chosen === 'auto' ? chosen : chosen === 'on';
  };
}

/** `28x32`: height, then width. */
export function sizeOf(flag: string): ValueParser<readonly [height: number, width: number]> {
  return (text) => {
    const [, height, width] = /^0*([1-9]\d*)x0*([1-9]\d*)$/i.exec(text) ?? [];
    if (height === undefined || width === undefined) {
      throw invalidValue(flag, 'a height and a width, such as 28x28', text);
    }
    return [Number(height), Number(width)];
  };
}

export function choiceOf<T extends string>(flag: string, choices: readonly T[]): ValueParser<T> {
  return (text) => {
    const found = choices.find((choice) => choice === text);
    if (found === undefined) throw invalidValue(flag, choices.join(' or '), text);
    return found;
  };
}

/** `none`, `static`, `dynamic` or a threshold. */
export function binarizeOf(flag: string): ValueParser<'none' | 'static' | 'dynamic' | number> {
  const choices = ['none', 'static', 'dynamic'] as const;
  return (text) => {
    const found = choices.find((choice) => choice === text);
    if (found !== undefined) return found;
    const threshold = DECIMAL.test(text) ? Number(text) : Number.NaN;
    if (threshold >= 0 && threshold < 1) return threshold;
    throw invalidValue(flag, 'none, static, dynamic or a threshold from 0 to below 1', text);
  };
}

/** Bytes: `1000`, `64K`, `1M`, `2G`. */
export function bytesOf(flag: string): ValueParser<number> {
  return (text) => {
    const [, number = '', unit = ''] = /^(\d+)([KMG]?)$/i.exec(text) ?? [];
    const bytes = Number(number) * 1024 ** ['', 'K', 'M', 'G'].indexOf(unit.toUpperCase());
    if (number === '' || bytes < 1 || bytes > 2 ** 29) {
      throw invalidValue(flag, 'bytes from 1 to 512M, such as 64K or 1M', text);
    }
    return bytes;
  };
}

/** `7,7,14,14`: top, left, height, width. */
export function boxOf(
  flag: string,
): ValueParser<readonly [top: number, left: number, height: number, width: number]> {
  return (text) => {
    const numbers = text.split(',').map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : NaN));
    const [top = NaN, left = NaN, height = NaN, width = NaN] = numbers;
    if (numbers.length !== 4 || numbers.some((number) => !Number.isSafeInteger(number))) {
      throw invalidValue(flag, 'top, left, height and width, such as 7,7,14,14', text);
    }
    return [top, left, height, width];
  };
}

/** A name or path: anything but nothing. */
export function textOf(flag: string, what: string): ValueParser<string> {
  return (text) => {
    if (text.trim() === '') throw invalidValue(flag, what, text);
    return text;
  };
}

/** Names with commas between them. */
export function listOf(flag: string): ValueParser<readonly string[]> {
  return (text) => {
    const names = text.split(',').map((name) => name.trim());
    if (names.includes('')) throw invalidValue(flag, 'names with commas between them', text);
    return names;
  };
}

/** Some of the choices, each once. */
export function choicesOf<T extends string>(
  flag: string,
  choices: readonly T[],
): ValueParser<readonly T[]> {
  const choice = choiceOf(flag, choices);
  const list = listOf(flag);
  return (text) => [...new Set(list(text).map(choice))];
}

export function pngFileOf(flag: string): ValueParser<string> {
  return (text) => {
    if (!/.\.png$/i.test(text)) throw invalidValue(flag, 'a file name that ends in .png', text);
    return text;
  };
}

const EXAMPLE_FILES = ['.png', '.csv', '.parquet', '.npy', '.txt', '.wav'];

/** What examples are written to; which of these, the run's data decides. */
export function exampleFileOf(flag: string, endings = EXAMPLE_FILES): ValueParser<string> {
  return (text) => {
    const isOne = (ending: string) =>
      text.length > ending.length && text.toLowerCase().endsWith(ending);
    if (!endings.some(isOne)) {
      const named = `${endings.slice(0, -1).join(', ')} or ${endings.at(-1) ?? ''}`;
      throw invalidValue(flag, `a file name that ends in ${named}`, text);
    }
    return text;
  };
}

export function plotFileOf(flag: string): ValueParser<string> {
  return (text) => {
    if (!/.\.(svg|png)$/i.test(text)) {
      throw invalidValue(flag, 'a file name that ends in .svg or .png', text);
    }
    return text;
  };
}

export function tableFileOf(flag: string): ValueParser<string> {
  return (text) => {
    if (!/.\.(csv|npy|parquet)$/i.test(text)) {
      throw invalidValue(flag, 'a file name that ends in .csv, .parquet or .npy', text);
    }
    return text;
  };
}

/** Of a table with names, which .npy does not hold. */
export function namedTableFileOf(flag: string): ValueParser<string> {
  return (text) => {
    if (!/.\.(csv|parquet)$/i.test(text)) {
      throw invalidValue(flag, 'a file name that ends in .csv or .parquet', text);
    }
    return text;
  };
}

export function invalidValue(flag: string, expected: string, text: string): UsageError {
  return new UsageError({
    code: 'USAGE_INVALID_VALUE',
    where: flag,
    expected,
    got: text.trim() === '' ? 'an empty text' : text,
    fix: `Give ${flag} ${expected}.`,
  });
}

/**
 * Checks of decoded values. A check returns the value with its type, or throws ProtocolError with
 * the path of what is wrong. Unknown fields are dropped, so that a sender may add some.
 */
import { ProtocolError } from './errors.ts';

export type Check<T> = (value: unknown, path: string) => T;

export function invalid(path: string, expected: string, value: unknown): ProtocolError {
  return new ProtocolError({
    code: 'PROTOCOL_INVALID',
    where: `protocol message, ${path}`,
    expected,
    got: kindOf(value),
    fix: 'The sender wrote something else than this protocol; run the same version everywhere.',
  });
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40));
  return typeof value;
}

/** Any number, NaN and infinities included: a loss may be one. */
export const number: Check<number> = (value, path) => {
  if (typeof value !== 'number') throw invalid(path, 'a number', value);
  return value;
};

/** A number of things: a non-negative safe integer. */
export const count: Check<number> = (value, path) => {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw invalid(path, 'a non-negative integer', value);
  }
  return value;
};

export const flag: Check<boolean> = (value, path) => {
  if (typeof value === 'boolean') return value;
  throw invalid(path, 'true or false', value);
};

export const text: Check<string> = (value, path) => {
  if (typeof value !== 'string') throw invalid(path, 'a string', value);
  return value;
};

export function oneOf<T extends string>(...allowed: readonly T[]): Check<T> {
  return (value, path) => {
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined) throw invalid(path, allowed.join(' or '), value);
    return found;
  };
}

export function optional<T>(check: Check<T>): Check<T | undefined> {
  return (value, path) => (value === undefined ? undefined : check(value, path));
}

export function list<T>(check: Check<T>): Check<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw invalid(path, 'an array', value);
    return value.map((item: unknown, index) => check(item, `${path}[${index}]`));
  };
}

/** An object of any keys whose values all pass. */
export function record<T>(check: Check<T>): Check<Readonly<Record<string, T>>> {
  return (value, path) =>
    Object.fromEntries(
      Object.entries(plainObject(value, path)).map(([key, item]) => [
        key,
        check(item, `${path}.${key}`),
      ]),
    );
}

export type Fields<T> = { readonly [K in keyof T]-?: Check<T[K]> };

export function object<T>(fields: Fields<T>): Check<T> {
  return (value, path) => {
    const source = plainObject(value, path);
    const result: Record<string, unknown> = {};
    for (const [key, check] of Object.entries<Check<unknown>>(fields)) {
      const field = check(source[key], `${path}.${key}`);
      if (field !== undefined) result[key] = field;
    }
    return result as T;
  };
}

export function plainObject(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw invalid(path, 'an object', value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw invalid(path, 'an object', value);
  }
  return value as Readonly<Record<string, unknown>>;
}

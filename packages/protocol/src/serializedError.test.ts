import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { errorDetails, ProtocolError } from './errors.ts';
import { reviveError, serializeError } from './serializedError.ts';
import type { SerializedError } from './serializedError.ts';

const typed = new ProtocolError({
  code: 'PROTOCOL_VERSION',
  where: 'here',
  expected: 'this',
  got: 'that',
  fix: 'Do so.',
});

function acrossThreads<T>(value: T): T {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(value);
  const received = receiveMessageOnPort(port2) as { message: T };
  port1.close();
  return received.message;
}

test('a typed error keeps everything across a thread', () => {
  const revived = reviveError(acrossThreads(serializeError(typed, 'worker 2')));
  expect(revived).toBeInstanceOf(Error);
  expect(revived.name).toBe('ProtocolError');
  expect(revived.message).toBe('here: expected this, got that. Do so.');
  expect(revived.stack).toBe(typed.stack);
  expect(revived.worker).toBe('worker 2');
  expect(errorDetails(revived)).toEqual({
    code: 'PROTOCOL_VERSION',
    where: 'here',
    expected: 'this',
    got: 'that',
    fix: 'Do so.',
  });
});

test('serialising a revived error keeps its first worker', () => {
  const once = reviveError(serializeError(typed, 'worker 2'));
  expect(serializeError(once, 'host 1')).toEqual(serializeError(typed, 'worker 2'));
});

test('an ordinary error has no details', () => {
  const revived = reviveError(serializeError(new TypeError('no')));
  expect([revived.name, revived.message, revived.code]).toEqual(['TypeError', 'no', undefined]);
  expect(errorDetails(revived)).toBeUndefined();
  expect(errorDetails(null)).toBeUndefined();
  expect(errorDetails('text')).toBeUndefined();
});

test('causes are kept, and a cycle of them ends', () => {
  const inner = new Error('inner');
  const outer = new Error('outer', { cause: inner });
  expect((reviveError(serializeError(outer)).cause as Error).message).toBe('inner');
  inner.cause = outer;
  const serialized = serializeError(outer);
  expect(JSON.stringify(serialized).match(/outer/g)?.length).toBeGreaterThan(1);
});

test('an AggregateError tells its first error', () => {
  const serialized = serializeError(new AggregateError([new Error('first'), new Error('second')]));
  expect(serialized.cause?.message).toBe('first');
});

describe('whatever is thrown', () => {
  const strange: readonly [string, unknown][] = [
    ['undefined', undefined],
    ['null', null],
    ['a string', 'no'],
    ['a symbol', Symbol('s')],
    ['a bigint', 3n],
    ['an object without a prototype', Object.create(null)],
    [
      'an error whose message throws',
      Object.defineProperty(new Error(), 'message', {
        get() {
          throw new Error('trap');
        },
      }),
    ],
    ['a revoked proxy', revokedProxy()],
    ['an error with a function in it', Object.assign(new Error('f'), { code: () => 1 })],
  ];

  test.each(strange)('%s becomes plain data', (_, value) => {
    const serialized: SerializedError = acrossThreads(serializeError(value, 'worker 0'));
    expect(typeof serialized.name).toBe('string');
    expect(typeof serialized.message).toBe('string');
    expect(serialized.worker).toBe('worker 0');
    expect(reviveError(serialized)).toBeInstanceOf(Error);
  });

  test('any value', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(reviveError(serializeError(value))).toBeInstanceOf(Error);
      }),
    );
  });
});

function revokedProxy(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

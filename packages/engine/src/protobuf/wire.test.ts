/** The examples of protobuf's own documentation (protobuf.dev/programming-guides/encoding). */
import { expect, it } from 'vitest';
import {
  bytesField,
  floatField,
  integerField,
  messageField,
  packedField,
  stringField,
  varint,
} from './wire.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

it.each([
  [0, '00'],
  [1, '01'],
  [150, '9601'],
  [300, 'ac02'],
  [86942, '9ea705'],
  [2 ** 40, '808080808020'],
  [-1, 'ffffffffffffffffff01'],
  [-2, 'feffffffffffffffff01'],
])('varint of %d', (value, expected) => {
  expect(hex(varint(value))).toBe(expected);
});

it('fields', () => {
  expect(hex(integerField(1, 150))).toBe('089601');
  expect(hex(stringField(2, 'testing'))).toBe('120774657374696e67');
  expect(hex(messageField(3, [integerField(1, 150)]))).toBe('1a03089601');
  expect(hex(packedField(6, [3, 270, 86942]))).toBe('3206038e029ea705');
  expect(hex(floatField(1, 1))).toBe('0d0000803f');
  expect(hex(bytesField(16, Uint8Array.of(7)))).toBe('82010107');
});

it('refuses what is no integer', () => {
  expect(() => varint(0.5)).toThrow('0.5');
});

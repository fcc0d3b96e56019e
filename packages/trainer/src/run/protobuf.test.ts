import { expect, it } from 'vitest';
import { bytesField, doubleField, floatField, integerField, textField } from './protobuf.ts';

// The examples of protobuf.dev/programming-guides/encoding, and IEEE 754 for the two floats.
it.each([
  ['an integer of two bytes', integerField(1, 150), '089601'],
  ['zero', integerField(1, 0), '0800'],
  ['2^53 - 1', integerField(2, 2 ** 53 - 1), '10ffffffffffffff0f'],
  ['text', textField(2, 'testing'), '120774657374696e67'],
  ['a message in a message', bytesField(3, integerField(1, 150)), '1a03089601'],
  ['a field past 15', integerField(16, 1), '800101'],
  ['a float', floatField(2, 1), '150000803f'],
  ['a double', doubleField(1, 1), '09000000000000f03f'],
])('writes %s', (_, bytes, hex) => {
  expect(Buffer.from(bytes).toString('hex')).toBe(hex);
});

import { EventEmitter } from 'node:events';
import { beforeEach, expect, test } from 'vitest';
import { onInterrupt } from './interrupts.ts';

let signals: EventEmitter;
let now: number;
let seen: string[];
let stop: () => void;

beforeEach(() => {
  signals = new EventEmitter();
  now = 0;
  seen = [];
  stop = onInterrupt(signals, {
    first: () => seen.push('first'),
    second: () => seen.push('second'),
    now: () => now,
  });
});

test('the first asks, the second insists', () => {
  signals.emit('SIGINT');
  now = 1_000;
  signals.emit('SIGINT');
  expect(seen).toEqual(['first', 'second']);
});

test('a signal that a parent passes on at once is the same key press', () => {
  signals.emit('SIGINT');
  now = 20;
  signals.emit('SIGINT');
  expect(seen).toEqual(['first']);
});

test('SIGTERM is the same', () => {
  signals.emit('SIGTERM');
  now = 1_000;
  signals.emit('SIGINT');
  expect(seen).toEqual(['first', 'second']);
});

test('afterwards nothing listens', () => {
  stop();
  expect(signals.listenerCount('SIGINT') + signals.listenerCount('SIGTERM')).toBe(0);
});

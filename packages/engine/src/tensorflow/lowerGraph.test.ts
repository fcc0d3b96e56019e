import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { EngineError } from '../errors.ts';
import type { Graph } from '../graph.ts';
import { traceFunction } from '../trace/traceFunction.ts';
import { lowerGraph } from './lowerGraph.ts';

const traced = (apply: (x: Tensor) => Tensor): Graph =>
  traceFunction({ inputs: { x: { shape: [2] } }, apply: ({ x }) => ({ y: apply(x as Tensor) }) });

const occurrences = (bytes: Uint8Array, text: string): number =>
  Buffer.from(bytes).toString('latin1').split(text).length - 1;

describe('lowerGraph', () => {
  it('places every node on the device', () => {
    const graph = traced((x) => tf.add(tf.exp(x), 1));
    const bytes = lowerGraph(graph, { device: '/device:GPU:3' });
    // Input, constant, two operations, output.
    expect(occurrences(bytes, '/device:GPU:3')).toBe(5);
  });

  it('writes one number for a tensor that is all one number', () => {
    const graph = traced((x) => tf.tile(tf.add(tf.zeros([1000, 1000]), tf.sum(x)), [1, 1]));
    expect(lowerGraph(graph, { device: '' }).byteLength).toBeLessThan(2000);
  });

  it('gives the same bytes for the same function', () => {
    const graph = (): Graph => traced((x) => tf.mul(tf.add(x, [1, 2]), tf.exp(x)));
    expect(lowerGraph(graph(), { device: '' })).toEqual(lowerGraph(graph(), { device: '' }));
  });

  it('names the kernel that has no lowering, where it is, and what to do', () => {
    const graph = traced((x) => tf.tidy('encoder', () => tf.exp(x)));
    let error: EngineError | undefined;
    try {
      lowerGraph(graph, { device: '', table: {} });
    } catch (thrown) {
      error = thrown as EngineError;
    }
    expect(error?.code).toBe('ENGINE_NO_LOWERING');
    expect(error?.message).toMatch(
      /^No TensorFlow lowering for tfjs kernel "Exp" \(traced in encoder\/exp\): .* or run with --engine eager:cpu\.$/,
    );
  });
});

import fc from 'fast-check';
import { Packr } from 'msgpackr';
import { describe, expect, test } from 'vitest';
import { decodeMessage, encodeMessage } from './codec.ts';
import { PROTOCOL_VERSION, wrap } from './envelope.ts';
import { ProtocolError } from './errors.ts';
import type { Message } from './messages.ts';

const packr = new Packr({ useRecords: false });

const messages: readonly Message[] = [
  {
    event: 'start',
    model: 'mlp',
    engine: 'onnx',
    engineVersions: { onnx: 'onnxruntime-node 1.30.0' },
    channel: 'shared',
    workers: 4,
    parameters: 652_824,
    streamed: { windows: 12, windowExamples: 5461, blockExamples: 83 },
    examples: 60_000,
    testExamples: 10_000,
    batchSize: 128,
    microBatch: 32,
    slots: 4,
    stepsPerEpoch: 469,
    step: 0,
    totalSteps: 4_690,
    out: 'runs/mlp',
  },
  {
    event: 'step',
    step: 10,
    epoch: 0.25,
    loss: Number.NaN,
    metrics: { kl: Number.POSITIVE_INFINITY, reconstruction: 90.25 },
    learningRate: 1e-3,
    examplesPerSec: 12_345.5,
  },
  {
    event: 'epoch',
    epoch: 1,
    step: 469,
    trainLoss: 160.5,
    trainMetrics: {},
    testLoss: 130.25,
    testMetrics: { kl: 22 },
    examplesPerSec: 1,
  },
  { event: 'artifact', kind: 'best', path: 'runs/mlp/checkpoints/best.safetensors' },
  { event: 'interrupted', step: 12, checkpoint: 'a/b', out: 'a' },
  {
    event: 'profile',
    steps: 3,
    workers: [
      {
        worker: 0,
        engine: 'onnx',
        slots: 8,
        gatherSec: 0.5,
        computeSec: 2,
        waitSec: 0,
        updateSec: 0.25,
      },
    ],
  },
  { event: 'error', code: 'UNEXPECTED', message: 'é 日本', worker: 'worker 1' },
  {
    event: 'done',
    steps: 5,
    examples: 2 ** 40,
    epochs: 1,
    stoppedEarly: { patience: 3, minDelta: 0.5 },
    trainLoss: 1,
    testLoss: 2,
    best: { epoch: 1, testLoss: 2, checkpoint: 'runs/mlp/checkpoints/best.safetensors' },
    examplesPerSec: 3,
    workers: 1,
    weightsSha256: 'ab',
    out: 'runs/mlp',
  },
  { message: 'task', kind: 'evaluate', round: 2 ** 33, phase: 1, slot: 15 },
  { message: 'result', slot: 0, sums: [128, -0.1, Number.NEGATIVE_INFINITY] },
  { message: 'stop' },
];

describe('round trip', () => {
  test.each(messages.map((message) => [message]))('%o', (message) => {
    expect(decodeMessage(encodeMessage(message))).toEqual(message);
  });

  test('reads a view in the middle of a larger buffer', () => {
    const bytes = encodeMessage({ message: 'result', slot: 7, sums: [] });
    const larger = new Uint8Array(bytes.length + 20).fill(0xff);
    larger.set(bytes, 10);
    expect(decodeMessage(larger.subarray(10, 10 + bytes.length))).toEqual({
      message: 'result',
      slot: 7,
      sums: [],
    });
  });

  test('drops fields that it does not know, and optional ones that are undefined', () => {
    const bytes = wrap(packr.pack({ message: 'stop', later: true }));
    expect(Object.keys(decodeMessage(bytes))).toEqual(['message']);
    const error = decodeMessage(
      encodeMessage({ event: 'error', code: 'A', message: 'b', where: undefined }),
    );
    expect(Object.keys(error)).toEqual(['event', 'code', 'message']);
  });
});

describe('bytes from a dying worker', () => {
  const bytes = encodeMessage(messages[0] as Message);

  test('cut anywhere: truncated', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(codeOf(bytes.subarray(0, length))).toBe('PROTOCOL_TRUNCATED');
    }
  });

  test('second half never written (zeros): corrupt', () => {
    const half = Uint8Array.from(bytes).fill(0, bytes.length >> 1);
    expect(codeOf(half)).toBe('PROTOCOL_CORRUPT');
  });

  test('any one bit flipped is noticed', () => {
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      if (bit >> 3 === 3) continue; // the reserved byte says nothing
      const flipped = Uint8Array.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(codeOf(flipped)).toMatch(/^PROTOCOL_/);
    }
  });

  test('bytes after the end: corrupt', () => {
    expect(codeOf(Uint8Array.from([...bytes, 0]))).toBe('PROTOCOL_CORRUPT');
  });

  test('another version says which', () => {
    const other = Uint8Array.from(bytes);
    other[2] = PROTOCOL_VERSION + 1;
    expect(() => decodeMessage(other)).toThrow(
      `expected version ${PROTOCOL_VERSION}, got version ${PROTOCOL_VERSION + 1}`,
    );
    expect(codeOf(other)).toBe('PROTOCOL_VERSION');
  });

  test('a wrong field is named', () => {
    const wrong = wrap(packr.pack({ event: 'artifact', kind: 'cake', path: 'x' }));
    expect(codeOf(wrong)).toBe('PROTOCOL_INVALID');
    expect(() => decodeMessage(wrong)).toThrow(/artifact\.kind: expected checkpoint or best/);
  });

  test('an inherited key is no kind of message', () => {
    expect(codeOf(wrap(packr.pack({ event: 'constructor' })))).toBe('PROTOCOL_INVALID');
    expect(codeOf(wrap(packr.pack({ event: 'toString' })))).toBe('PROTOCOL_INVALID');
  });

  test('a payload nested deeper than the stack: corrupt', () => {
    expect(codeOf(wrap(new Uint8Array(1_000_000).fill(0x91)))).toBe('PROTOCOL_CORRUPT');
  });
});

describe('whatever the bytes, decode throws nothing but ProtocolError', () => {
  test('any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), onlyProtocolErrors));
  });

  test('any payload in a sound envelope', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (payload) =>
        onlyProtocolErrors(wrap(payload)),
      ),
      { numRuns: 2_000 },
    );
  });

  test('any value in a sound envelope', () => {
    const kind = fc.constantFrom('start', 'step', 'done', 'task', 'result', '__proto__');
    const value = fc.oneof(
      fc.anything({ withNullPrototype: true, withDate: true, withMap: true }),
      fc.record({ event: kind, metrics: fc.anything(), step: fc.anything() }),
      fc.record({ message: kind, slot: fc.anything(), sums: fc.anything() }),
    );
    fc.assert(
      fc.property(value, (anything) => {
        let payload: Uint8Array;
        try {
          payload = packr.pack(anything);
        } catch {
          return; // functions and the like have no bytes
        }
        onlyProtocolErrors(wrap(payload));
      }),
    );
  });

  test('a message with some bytes changed and the checksum made right', () => {
    const payloads = messages.map((message) => packr.pack(message));
    const change = fc.tuple(fc.nat(400), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(
        fc.constantFrom(...payloads),
        fc.array(change, { minLength: 1 }),
        (p, changes) => {
          const payload = Uint8Array.from(p);
          for (const [at, byte] of changes) payload[at % payload.length] = byte;
          onlyProtocolErrors(wrap(payload));
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

function onlyProtocolErrors(bytes: Uint8Array): void {
  try {
    const message = decodeMessage(bytes);
    expect('event' in message || 'message' in message).toBe(true);
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError);
  }
}

function codeOf(bytes: Uint8Array): string {
  try {
    decodeMessage(bytes);
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
  return 'decoded';
}

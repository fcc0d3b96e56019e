import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noisePurpose, seedKey, shuffleHalfBits, shufflePurpose } from './counter.ts';
import { distributionCodes, instantiateKernels, scratchBytes } from './kernels.ts';

const pages = 32;
const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
const kernels = instantiateKernels(memory);

const scratch = 0;
const indicesAt = scratchBytes;
const outAt = 4 * 65536;
const floats = new Float32Array(memory.buffer, outAt);
const words = new Uint32Array(memory.buffer, outAt);

function setIndices(indices: readonly number[]): void {
  new Uint32Array(memory.buffer, indicesAt, indices.length).set(indices);
}

interface Draw {
  readonly distribution: 'normal' | 'uniform';
  readonly kind: 3 | 4;
  readonly seed: number;
  readonly stream: number;
  readonly epoch: number;
  readonly size: number;
}

/** The bits of the noise of `examples`, one row after another. */
function draw(spec: Draw, examples: readonly number[]): Uint32Array {
  const [key0, key1] = seedKey(spec.seed);
  const purpose = noisePurpose(spec.kind, spec.stream);
  const { size, epoch } = spec;
  const count = examples.length;
  setIndices(examples);
  const code = distributionCodes[spec.distribution];
  kernels.noise(indicesAt, count, size, code, epoch, purpose, key0, key1, scratch, outAt);
  return words.slice(0, count * size);
}

function order(n: number, seed: number, epoch: number, start: number, count: number): Uint32Array {
  const [key0, key1] = seedKey(seed);
  const half = shuffleHalfBits(n);
  kernels.shuffle(start, count, n, half, epoch, shufflePurpose, key0, key1, scratch, outAt);
  return words.slice(0, count);
}

describe('instantiation', () => {
  it('writes nothing to the memory, so threads may share it', () => {
    const own = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    const bytes = new Uint8Array(own.buffer).fill(0xaa);
    instantiateKernels(own);
    expect(bytes.every((byte) => byte === 0xaa)).toBe(true);
  });

  it('has nothing of its own: no data segments, no exported globals', () => {
    const module = new WebAssembly.Module(
      readFileSync(new URL('../../generated/kernels.wasm', import.meta.url)),
    );
    expect(WebAssembly.Module.imports(module)).toEqual([
      { module: 'env', name: 'memory', kind: 'memory' },
    ]);
    const kinds = WebAssembly.Module.exports(module).map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(new Set(['function']));
  });
});

interface KnownAnswer {
  readonly counter: readonly [number, number, number, number];
  readonly key: readonly [number, number];
  readonly expected: readonly number[];
}

describe('philoxBlock', () => {
  // Random123's tests/kat_vectors, "philox4x32 10".
  it.each<KnownAnswer>([
    {
      counter: [0, 0, 0, 0],
      key: [0, 0],
      expected: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    },
    {
      counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      key: [0xffffffff, 0xffffffff],
      expected: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    },
    {
      counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      key: [0xa4093822, 0x299f31d0],
      expected: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    },
  ])('agrees with the published vector for $counter', ({ counter, key, expected }) => {
    kernels.philoxBlock(...counter, ...key, outAt);
    for (let lane = 0; lane < 4; lane++) {
      expect([0, 4, 8, 12].map((word) => words[word + lane])).toEqual([...expected]);
    }
  });
});

describe('noise', () => {
  // From the reference in TypeScript, core's random/noise.ts.
  it.each<{ spec: Draw; example: number; bits: number[] }>([
    {
      spec: { distribution: 'normal', kind: 3, seed: 0, stream: 0, epoch: 0, size: 7 },
      example: 0,
      bits: [0xbeb3d53d, 0xbdbcbb3f, 0xbeee0b9e, 0xbf581834, 0xbfa3d685, 0xbfe86556, 0xbf3a9b84],
    },
    {
      spec: { distribution: 'normal', kind: 4, seed: 2 ** 40 + 5, stream: 2, epoch: 0, size: 5 },
      example: 59999,
      bits: [0xc01b9109, 0xbf55fdf8, 0x3f591ac4, 0x3e78f3b0, 0x3f33878f],
    },
    {
      spec: { distribution: 'uniform', kind: 3, seed: 7, stream: 1, epoch: 3, size: 6 },
      example: 4294967295,
      bits: [0x3e9bf61e, 0x3e2e0f64, 0x3d855ef8, 0x3ee92136, 0x3e07267c, 0x3f21370b],
    },
  ])('has the bits of the reference: $spec.distribution, seed $spec.seed', (vector) => {
    expect([...draw(vector.spec, [vector.example])]).toEqual(vector.bits);
  });

  // SHA-256 of the reference's bytes for examples 0..9999, 20 values each.
  it.each([
    {
      distribution: 'normal',
      digest: '6dbdd2e9fc80f78c4f03982a53f1be922f634777d36fccacb16328b813c95ea9',
    },
    {
      distribution: 'uniform',
      digest: 'bc840e23ca292e1f05e71e976fc20ee0d721f0f49cd6157a867436300893a7ea',
    },
  ] as const)('has the bits of the reference over 200,000 values: $distribution', (vector) => {
    const { distribution, digest } = vector;
    const spec: Draw = { distribution, kind: 3, seed: 42, stream: 0, epoch: 9, size: 20 };
    const examples = Array.from({ length: 10_000 }, (_, i) => i);
    const bits = draw(spec, examples);
    expect(createHash('sha256').update(new Uint8Array(bits.buffer)).digest('hex')).toBe(digest);
  });

  it('gives an example the same bits wherever it stands in a micro-batch, and writes no more', () => {
    const position = fc.record({
      distribution: fc.constantFrom('normal' as const, 'uniform' as const),
      size: fc.integer({ min: 1, max: 21 }),
      examples: fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 9 }),
    });
    fc.assert(
      fc.property(position, ({ distribution, size, examples }) => {
        const spec: Draw = { distribution, size, kind: 3, seed: 1, stream: 0, epoch: 2 };
        const alone = examples.flatMap((example) => [...draw(spec, [example])]);
        const end = examples.length * size;
        words.fill(0xdeadbeef, end, end + 16);
        expect([...draw(spec, examples)]).toEqual(alone);
        expect(words.slice(end, end + 16).every((word) => word === 0xdeadbeef)).toBe(true);
      }),
    );
  });
});

describe('shuffle', () => {
  // From the reference in TypeScript, core's random/shuffle.ts.
  it.each([
    { n: 1000, seed: 0, epoch: 0, first: [650, 476, 690, 415, 138, 228, 631, 543, 625] },
    {
      n: 60000,
      seed: 3,
      epoch: 5,
      first: [57146, 11338, 25263, 56538, 11151, 37415, 59024, 12009, 55756],
    },
    {
      n: 2 ** 31,
      seed: 2 ** 50 + 3,
      epoch: 77,
      first: [
        1174716422, 2012744197, 1170968611, 669686715, 1753669223, 1287857171, 541503143,
        1335113020, 1632295568,
      ],
    },
  ])('is the order of the reference: $n examples, epoch $epoch', ({ n, seed, epoch, first }) => {
    expect([...order(n, seed, epoch, 0, 9)]).toEqual(first);
  });

  it('is the order of the reference over 60,000 examples', () => {
    const bytes = new Uint8Array(order(60_000, 3, 5, 0, 60_000).buffer);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(
      '068c1ea0aaaac0a2819cc6c865b7831873495d8fedf27d67135d54172ebff744',
    );
  });

  it('is a permutation for every number of examples', () => {
    const counts = fc.integer({ min: 1, max: 3000 });
    fc.assert(
      fc.property(counts, fc.maxSafeNat(), fc.nat(100), (n, seed, epoch) => {
        const sorted = order(n, seed, epoch, 0, n).sort();
        expect([...sorted]).toEqual(Array.from({ length: n }, (_, i) => i));
      }),
    );
  });

  it('does not depend on where a range starts or ends', () => {
    const all = order(997, 11, 4, 0, 997);
    fc.assert(
      fc.property(fc.nat(996), fc.nat(50), (start, length) => {
        const count = Math.min(length, 997 - start);
        words.fill(0xdeadbeef, count, count + 4);
        expect(order(997, 11, 4, start, count)).toEqual(all.slice(start, start + count));
        expect(words.slice(count, count + 4).every((word) => word === 0xdeadbeef)).toBe(true);
      }),
    );
  });
});

describe('gather', () => {
  const valuesAt = 2 * 65536;

  it('scales every byte to the float32 nearest to v / 255', () => {
    const values = new Uint8Array(memory.buffer, valuesAt, 256);
    for (let v = 0; v < 256; v++) values[v] = v;
    setIndices([0]);
    kernels.gather(valuesAt, indicesAt, 1, 256, outAt);
    expect([...floats.slice(0, 256)]).toEqual([...values].map((v) => Math.fround(v / 255)));
  });

  it('copies the examples asked for, whatever their size, and writes no more', () => {
    const examples = fc.array(fc.nat(30), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), examples, (size, indices) => {
        const values = new Uint8Array(memory.buffer, valuesAt, 31 * size);
        for (let i = 0; i < values.length; i++) values[i] = (i * 29) % 251;
        setIndices(indices);
        const end = indices.length * size;
        floats.fill(-1, end, end + 16);
        kernels.gather(valuesAt, indicesAt, indices.length, size, outAt);
        const expected = indices.flatMap((index) =>
          [...values.slice(index * size, (index + 1) * size)].map((v) => Math.fround(v / 255)),
        );
        expect([...floats.slice(0, end)]).toEqual(expected);
        expect(floats.slice(end, end + 16).every((value) => value === -1)).toBe(true);
      }),
    );
  });

  it('copies labels as float32', () => {
    const labels = new Int32Array(memory.buffer, valuesAt, 4);
    labels.set([7, 0, 16_777_215, 3]);
    setIndices([2, 0, 3]);
    kernels.gatherLabels(valuesAt, indicesAt, 3, outAt);
    expect([...floats.slice(0, 3)]).toEqual([16_777_215, 7, 3]);
  });
});

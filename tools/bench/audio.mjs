/**
 * What is lost on the way from sound to a spectrogram and back: recordings as examples, those as sound
 * by mel inversion and Griffin-Lim, that sound as examples again.
 *
 *     node tools/bench/audio.mjs FOLDER [--test-pattern '_[0-4]\.wav$'] [--read '{"hop":64}']
 *
 * One line of JSON:
 *   spectralConvergence  |S' - S| / |S| of mel magnitudes, in decibels: the median of the test recordings
 *   valuesSnr            of what a model is given, in decibels, over all of them
 *   decibelsOff          mean of the absolute difference of its decibels
 */
import { parseArgs } from 'node:util';
import { decodeAudio, encodeAudio, openAudio } from '@lockstep/data/audio';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'test-pattern': { type: 'string', default: String.raw`_[0-4]\.wav$` },
    read: { type: 'string', default: '{}' },
    iterations: { type: 'string', default: '60' },
  },
});
const opened = await openAudio(positionals[0] ?? '.', {
  testPattern: options['test-pattern'],
  .../** @type {object} */ (JSON.parse(options.read)),
});
const isTest = new Set(opened.test);
const everything = Uint32Array.from({ length: opened.count }, (_, i) => i);
const source = await opened.fit(everything.filter((i) => !isTest.has(i)));
const { format, shape } = source;
if (format.features !== 'mel') throw new Error('raw samples lose nothing');

const size = shape.reduce((product, dim) => product * dim, 1);
const test = opened.test ?? everything;
const started = performance.now();
const bytes = new Uint8Array(new SharedArrayBuffer(4 * size * test.length));
await source.read(bytes, test);
const encodeMs = performance.now() - started;
const values = new Float32Array(bytes.buffer);

/** @type {(value: number) => number} */
const magnitude = (value) => (value > 0 ? 10 ** ((value * format.rangeDb) / 20) : 0);
/** @type {number[]} */
const convergences = [];
let [power, noise, off, decodeMs] = [0, 0, 0, 0];
for (let example = 0; example < test.length; example++) {
  const before = values.slice(example * size, (example + 1) * size);
  const decoding = performance.now();
  const sound = decodeAudio(before, format, { example, iterations: Number(options.iterations) });
  decodeMs += performance.now() - decoding;
  const after = encodeAudio(sound, format);
  let [magnitudes, wrong] = [0, 0];
  before.forEach((value, i) => {
    const again = after[i] ?? 0;
    power += value ** 2;
    noise += (value - again) ** 2;
    off += Math.abs(value - again) * format.rangeDb;
    magnitudes += magnitude(value) ** 2;
    wrong += (magnitude(value) - magnitude(again)) ** 2;
  });
  convergences.push(10 * Math.log10(wrong / magnitudes));
}
convergences.sort((a, b) => a - b);
console.log(
  JSON.stringify({
    recordings: test.length,
    shape,
    spectralConvergence: convergences[test.length >> 1],
    valuesSnr: 10 * Math.log10(power / noise),
    decibelsOff: off / values.length,
    meanSquare: power / values.length,
    encodeMsEach: encodeMs / test.length,
    decodeMsEach: decodeMs / test.length,
  }),
);

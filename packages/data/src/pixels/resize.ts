/**
 * Resizing 8-bit images, bilinear with antialiasing: the triangle filter widened by the scale when
 * shrinking, in fixed point, rows first. The same values as Pillow's `Image.resize(size, BILINEAR)`
 * where that goes rows first too; for some tall images it goes columns first, and rounds otherwise
 * (libImaging/Resample.c), and, being integer arithmetic, the same on every machine.
 */

const precisionBits = 22;

interface Pass {
  readonly outSize: number;
  /** Taps of each output pixel: `width` weights from `start[i]` on, `count[i]` of them used. */
  readonly width: number;
  readonly start: Int32Array;
  readonly count: Int32Array;
  readonly weights: Int32Array;
}

/** Weights of the inputs that make each output pixel along one axis. */
function makePass(inSize: number, outSize: number): Pass {
  const scale = inSize / outSize;
  const support = Math.max(scale, 1);
  const width = Math.ceil(support) * 2 + 1;
  const start = new Int32Array(outSize);
  const count = new Int32Array(outSize);
  const weights = new Int32Array(outSize * width);
  for (let i = 0; i < outSize; i++) {
    const center = (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(center - support + 0.5));
    const last = Math.min(inSize, Math.trunc(center + support + 0.5));
    const taps = Array.from({ length: last - first }, (_, k) =>
      triangle((k + first - center + 0.5) * (1 / support)),
    );
    const sum = taps.reduce((total, tap) => total + tap, 0);
    taps.forEach((tap, k) => {
      weights[i * width + k] = Math.trunc(0.5 + (tap / sum) * 2 ** precisionBits);
    });
    start[i] = first;
    count[i] = last - first;
  }
  return { outSize, width, start, count, weights };
}

function triangle(x: number): number {
  return Math.max(0, 1 - Math.abs(x));
}

/** Filters the middle axis of [outer, inSize, inner] to [outer, pass.outSize, inner]. */
function filter(
  from: Uint8Array,
  to: Uint8Array,
  pass: Pass,
  layout: { outer: number; inner: number; inSize: number },
): void {
  const { outSize, width, start, count, weights } = pass;
  const { outer, inner, inSize } = layout;
  const half = 1 << (precisionBits - 1);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < outSize; i++) {
      const first = (o * inSize + (start[i] ?? 0)) * inner;
      const taps = count[i] ?? 0;
      const at = (o * outSize + i) * inner;
      for (let c = 0; c < inner; c++) {
        let sum = half;
        for (let k = 0; k < taps; k++) {
          sum += (from[first + k * inner + c] ?? 0) * (weights[i * width + k] ?? 0);
        }
        to[at + c] = Math.min(255, sum >> precisionBits);
      }
    }
  }
}

/** Resizes one image, [height, width, channels] to [newHeight, newWidth, channels]. */
export type Resizer = (image: Uint8Array) => Uint8Array;

/** The returned function reuses one output buffer: copy it before the next call. */
export function makeResizer(
  from: readonly [height: number, width: number],
  to: readonly [height: number, width: number],
  channels: number,
): Resizer {
  const [height, width] = from;
  const [newHeight, newWidth] = to;
  const rows = width === newWidth ? undefined : makePass(width, newWidth);
  const columns = height === newHeight ? undefined : makePass(height, newHeight);
  const narrowed = new Uint8Array(rows ? height * newWidth * channels : 0);
  const out = new Uint8Array(columns ? newHeight * newWidth * channels : 0);
  return (image) => {
    let current = image;
    if (rows) {
      filter(current, narrowed, rows, { outer: height, inner: channels, inSize: width });
      current = narrowed;
    }
    if (columns) {
      filter(current, out, columns, { outer: 1, inner: newWidth * channels, inSize: height });
      current = out;
    }
    return current;
  };
}

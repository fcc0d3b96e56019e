/**
 * The layers' mathematics once more, in float64 and plain loops straight from the definitions:
 * independent values to test against. Arrays are row-major, images NHWC.
 */
export interface Reference {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export function reference(shape: readonly number[], data: ArrayLike<number>): Reference {
  return { shape, data: Float64Array.from(data) };
}

export function map(x: Reference, f: (value: number) => number): Reference {
  return { shape: x.shape, data: x.data.map(f) };
}

function dims(x: Reference): [number, number, number, number] {
  const [a = 1, b = 1, c = 1, d = 1] = x.shape;
  return [a, b, c, d];
}

/** x [B, I], kernel [I, U], bias [U] -> [B, U] */
export function dense(x: Reference, kernel: Reference, bias: Reference): Reference {
  const [batch, inputs] = dims(x);
  const units = bias.data.length;
  const data = new Float64Array(batch * units);
  for (let b = 0; b < batch; b++) {
    for (let u = 0; u < units; u++) {
      let sum = bias.data[u] ?? NaN;
      for (let i = 0; i < inputs; i++) {
        sum += (x.data[b * inputs + i] ?? NaN) * (kernel.data[i * units + u] ?? NaN);
      }
      data[b * units + u] = sum;
    }
  }
  return { shape: [batch, units], data };
}

export interface ConvGeometry {
  readonly kernelSize: number;
  readonly stride: number;
  readonly padding: 'same' | 'valid';
}

/** TensorFlow's `same`: the padding is split evenly, the odd one after. */
function paddingBefore(large: number, small: number, geometry: ConvGeometry): number {
  if (geometry.padding === 'valid') return 0;
  const total = Math.max((small - 1) * geometry.stride + geometry.kernelSize - large, 0);
  return Math.floor(total / 2);
}

/** Calls back with each pair of positions (in the larger image, in the smaller) that a tap joins. */
function eachTap(
  large: readonly [number, number],
  small: readonly [number, number],
  geometry: ConvGeometry,
  visit: (largeAt: number, smallAt: number, tap: number) => void,
): void {
  const { kernelSize, stride } = geometry;
  const top = paddingBefore(large[0], small[0], geometry);
  const left = paddingBefore(large[1], small[1], geometry);
  for (let i = 0; i < small[0]; i++) {
    for (let j = 0; j < small[1]; j++) {
      for (let u = 0; u < kernelSize; u++) {
        for (let v = 0; v < kernelSize; v++) {
          const y = i * stride + u - top;
          const x = j * stride + v - left;
          if (y < 0 || x < 0 || y >= large[0] || x >= large[1]) continue;
          visit(y * large[1] + x, i * small[1] + j, u * kernelSize + v);
        }
      }
    }
  }
}

function addBias(data: Float64Array, bias: Reference): Float64Array {
  return data.map((value, i) => value + (bias.data[i % bias.data.length] ?? NaN));
}

/** x [B, H, W, C], kernel [K, K, C, F] -> [B, H', W', F] */
export function conv2d(
  x: Reference,
  kernel: Reference,
  bias: Reference,
  output: readonly [number, number],
  geometry: ConvGeometry,
): Reference {
  const [batch, height, width, channels] = dims(x);
  const filters = bias.data.length;
  const area = output[0] * output[1];
  const data = new Float64Array(batch * area * filters);
  for (let b = 0; b < batch; b++) {
    eachTap([height, width], output, geometry, (from, to, tap) => {
      for (let c = 0; c < channels; c++) {
        for (let f = 0; f < filters; f++) {
          data[(b * area + to) * filters + f]! +=
            (x.data[(b * height * width + from) * channels + c] ?? NaN) *
            (kernel.data[(tap * channels + c) * filters + f] ?? NaN);
        }
      }
    });
  }
  return { shape: [batch, ...output, filters], data: addBias(data, bias) };
}

/** x [B, H, W, C], kernel [K, K, F, C] -> [B, H', W', F]: the adjoint of conv2d's linear map. */
export function conv2dTranspose(
  x: Reference,
  kernel: Reference,
  bias: Reference,
  output: readonly [number, number],
  geometry: ConvGeometry,
): Reference {
  const [batch, height, width, channels] = dims(x);
  const filters = bias.data.length;
  const area = output[0] * output[1];
  const data = new Float64Array(batch * area * filters);
  for (let b = 0; b < batch; b++) {
    eachTap(output, [height, width], geometry, (to, from, tap) => {
      for (let c = 0; c < channels; c++) {
        for (let f = 0; f < filters; f++) {
          data[(b * area + to) * filters + f]! +=
            (x.data[(b * height * width + from) * channels + c] ?? NaN) *
            (kernel.data[(tap * filters + f) * channels + c] ?? NaN);
        }
      }
    });
  }
  return { shape: [batch, ...output, filters], data: addBias(data, bias) };
}

/** d f / d at, by central differences in float64. */
export function finiteDifferences(f: () => number, at: Float64Array): Float64Array {
  const h = 1e-6;
  return at.map((value, i) => {
    at[i] = value + h;
    const above = f();
    at[i] = value - h;
    const below = f();
    at[i] = value;
    return (above - below) / (2 * h);
  });
}

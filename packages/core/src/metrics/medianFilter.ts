/**
 * The median filter: each pixel becomes the median of the square around it, channel by channel. What
 * images without a model are denoised by; takes single wrong pixels away and keeps edges. Huang, Yang,
 * Tang: "A fast two-dimensional median filtering algorithm" (1979), here by plain sorting.
 *
 * Beyond its edge an image goes on mirrored, the edge itself twice: d c b a | a b c d | d c b a.
 *
 * N images, H rows, W columns, C channels.
 */

/**
 * @param data [N, H, W, C]
 * @param shape of one image: [H, W, C]
 * @param size of the square: odd
 */
export function medianFilter(
  data: Float32Array,
  shape: readonly number[],
  size = 3,
): Float32Array<ArrayBuffer> {
  const [height = 0, width = 0, channels = 0] = shape;
  if (shape.length !== 3 || !(height * width * channels > 0)) {
    throw new RangeError(`An image has the shape [H, W, C], not [${shape.join(', ')}].`);
  }
  if (!Number.isInteger(size) || size % 2 !== 1 || size < 1) {
    throw new RangeError(`A square of odd size is wanted, not of ${String(size)}.`);
  }
  const reach = (size - 1) / 2;
  const rows = mirrored(height, reach);
  const columns = mirrored(width, reach);
  const window = new Float32Array(size * size);
  const filtered = new Float32Array(data.length);
  const imageLength = height * width * channels;
  for (let image = 0; image < data.length; image += imageLength) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let c = 0; c < channels; c++) {
          let n = 0;
          for (let dy = 0; dy < size; dy++) {
            const row = image + (rows[y + dy] ?? 0) * width * channels;
            for (let dx = 0; dx < size; dx++) {
              window[n++] = data[row + (columns[x + dx] ?? 0) * channels + c] ?? 0;
            }
          }
          window.sort();
          filtered[image + (y * width + x) * channels + c] = window[(n - 1) / 2] ?? 0;
        }
      }
    }
  }
  return filtered;
}

/** The places that -reach ... length - 1 + reach stand for. */
function mirrored(length: number, reach: number): Int32Array {
  return Int32Array.from({ length: length + 2 * reach }, (_, i) => {
    const period = 2 * length;
    const at = (((i - reach) % period) + period) % period;
    return at < length ? at : period - 1 - at;
  });
}

/** Examples are read in groups of about this many bytes, which fit the second-level cache. */
const groupBytes: u32 = 131072;

/**
 * Copies the examples at `indices` (u32 each) to consecutive rows of `out`, scaling uint8 to
 * [0, 1]: float32(v) / float32(255), correctly rounded, which is what PyTorch's ToTensor does.
 * `size` is the number of values in one example.
 */
export function gather(values: usize, indices: usize, count: u32, size: u32, out: usize): void {
  const groupRows = max<u32>(1, groupBytes / size);
  for (let first: u32 = 0; first < count; first += groupRows) {
    const rows = min(groupRows, count - first);
    touch(values, indices, rows, size, out);
    for (let i: u32 = 0; i < rows; i++) {
      scale(values + <usize>load<u32>(indices) * <usize>size, size, out);
      indices += 4;
      out += (<usize>size) << 2;
    }
  }
}

/**
 * Reads one byte of each cache line of the examples, which lie anywhere in the dataset. These loads
 * wait for nothing, so the memory serves many at a time; scaling alone would wait row after row
 * (108 us instead of 68 us for 128 MNIST images, order and noise included).
 */
function touch(values: usize, indices: usize, rows: u32, size: u32, out: usize): void {
  let seen: u32 = 0;
  for (let i: u32 = 0; i < rows; i++) {
    const from = values + <usize>load<u32>(indices + ((<usize>i) << 2)) * <usize>size;
    for (let k: usize = 0; k < <usize>size; k += 64) seen += load<u8>(from + k);
  }
  // A use, so that no compiler drops the loads; scaling overwrites it.
  store<u32>(out, seen);
}

function scale(from: usize, size: u32, out: usize): void {
  const divisor = f32x4.splat(255);
  const vectorEnd = from + ((<usize>size) & ~15);
  const end = from + <usize>size;
  for (; from < vectorEnd; from += 16, out += 64) {
    const bytes = v128.load(from);
    const low = i16x8.extend_low_i8x16_u(bytes);
    const high = i16x8.extend_high_i8x16_u(bytes);
    v128.store(out, quotients(i32x4.extend_low_i16x8_u(low), divisor));
    v128.store(out, quotients(i32x4.extend_high_i16x8_u(low), divisor), 16);
    v128.store(out, quotients(i32x4.extend_low_i16x8_u(high), divisor), 32);
    v128.store(out, quotients(i32x4.extend_high_i16x8_u(high), divisor), 48);
  }
  for (; from < end; from++, out += 4) store<f32>(out, <f32>load<u8>(from) / 255);
}

function quotients(integers: v128, divisor: v128): v128 {
  return f32x4.div(f32x4.convert_i32x4_u(integers), divisor);
}

/** As `gather` of float32 values, which are copied as they are. */
export function gatherFloats(
  values: usize,
  indices: usize,
  count: u32,
  size: u32,
  out: usize,
): void {
  const bytes = (<usize>size) << 2;
  for (let i: u32 = 0; i < count; i++, indices += 4, out += bytes) {
    memory.copy(out, values + <usize>load<u32>(indices) * bytes, bytes);
  }
}

/** As `gather` of uint16 values, such as tokens: each becomes the same number. */
export function gatherCodes(
  values: usize,
  indices: usize,
  count: u32,
  size: u32,
  out: usize,
): void {
  for (let i: u32 = 0; i < count; i++, indices += 4) {
    let from = values + ((<usize>load<u32>(indices) * <usize>size) << 1);
    for (let k: u32 = 0; k < size; k++, from += 2, out += 4) store<f32>(out, <f32>load<u16>(from));
  }
}

/**
 * As `gather` of sparse examples, of which most values are zero. Entries of example i are
 * offsets[i] ... offsets[i + 1] - 1 of `places` (where in the example, u32) and `weights` (float32).
 */
export function gatherSparse(
  offsets: usize,
  places: usize,
  weights: usize,
  indices: usize,
  count: u32,
  size: u32,
  out: usize,
): void {
  const bytes = (<usize>size) << 2;
  memory.fill(out, 0, bytes * count);
  for (let i: u32 = 0; i < count; i++, indices += 4, out += bytes) {
    const row = offsets + ((<usize>load<u32>(indices)) << 2);
    const end = (<usize>load<u32>(row, 4)) << 2;
    for (let at = (<usize>load<u32>(row)) << 2; at < end; at += 4) {
      store<f32>(out + ((<usize>load<u32>(places + at)) << 2), load<f32>(weights + at));
    }
  }
}

/** Labels (int32) of the examples at `indices`, as float32: exact below 2^24. */
export function gatherLabels(labels: usize, indices: usize, count: u32, out: usize): void {
  for (let i: usize = 0, end = (<usize>count) << 2; i < end; i += 4) {
    const label = load<i32>(labels + ((<usize>load<u32>(indices + i)) << 2));
    store<f32>(out + i, <f32>label);
  }
}

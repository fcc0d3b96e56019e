/**
 * Copies the examples at `indices` (u32 each) to consecutive rows of `out`, scaling uint8 to
 * [0, 1]: float32(v) / float32(255), correctly rounded, which is what PyTorch's ToTensor does.
 * `size` is the number of values in one example.
 */
export function gather(values: usize, indices: usize, count: u32, size: u32, out: usize): void {
  const scale = f32x4.splat(255);
  for (let i: u32 = 0; i < count; i++) {
    let from = values + <usize>load<u32>(indices + ((<usize>i) << 2)) * <usize>size;
    const vectorEnd = from + ((<usize>size) & ~15);
    const end = from + <usize>size;
    for (; from < vectorEnd; from += 16, out += 64) {
      const bytes = v128.load(from);
      const low = i16x8.extend_low_i8x16_u(bytes);
      const high = i16x8.extend_high_i8x16_u(bytes);
      v128.store(out, scaled(i32x4.extend_low_i16x8_u(low), scale));
      v128.store(out, scaled(i32x4.extend_high_i16x8_u(low), scale), 16);
      v128.store(out, scaled(i32x4.extend_low_i16x8_u(high), scale), 32);
      v128.store(out, scaled(i32x4.extend_high_i16x8_u(high), scale), 48);
    }
    for (; from < end; from++, out += 4) store<f32>(out, <f32>load<u8>(from) / 255);
  }
}

function scaled(integers: v128, scale: v128): v128 {
  return f32x4.div(f32x4.convert_i32x4_u(integers), scale);
}

/** Labels (int32) of the examples at `indices`, as float32: exact below 2^24. */
export function gatherLabels(labels: usize, indices: usize, count: u32, out: usize): void {
  for (let i: usize = 0, end = (<usize>count) << 2; i < end; i += 4) {
    const label = load<i32>(labels + ((<usize>load<u32>(indices + i)) << 2));
    store<f32>(out + i, <f32>label);
  }
}

/** Plain passes over float32 ranges. Byte addresses; `length` in floats, a multiple of 16, not 0. */

/** to += from. */
export function accumulate(to: usize, from: usize, length: u32): void {
  const end = to + ((<usize>length) << 2);
  do {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    v128.store(to, f32x4.add(v128.load(to, 16), v128.load(from, 16)), 16);
    to += 32;
    from += 32;
  } while (to != end);
}

/** to = value. */
export function fill(to: usize, value: f32, length: u32): void {
  const end = to + ((<usize>length) << 2);
  const values = f32x4.splat(value);
  do {
    v128.store(to, values);
    v128.store(to, values, 16);
    to += 32;
  } while (to != end);
}

/** to = from. */
export function copy(to: usize, from: usize, length: u32): void {
  memory.copy(to, from, (<usize>length) << 2);
}

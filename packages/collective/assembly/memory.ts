/** Plain passes over float32 ranges. Byte addresses; `length` in floats, a multiple of 16. */

/** to += from. */
export function accumulate(to: usize, from: usize, length: u32): void {
  for (let i: u32 = 0; i < length; i += 16) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    v128.store(to, f32x4.add(v128.load(to, 16), v128.load(from, 16)), 16);
    v128.store(to, f32x4.add(v128.load(to, 32), v128.load(from, 32)), 32);
    v128.store(to, f32x4.add(v128.load(to, 48), v128.load(from, 48)), 48);
    to += 64;
    from += 64;
  }
}

/** to = value. */
export function fill(to: usize, value: f32, length: u32): void {
  const lanes = f32x4.splat(value);
  for (let i: u32 = 0; i < length; i += 16) {
    v128.store(to, lanes);
    v128.store(to, lanes, 16);
    v128.store(to, lanes, 32);
    v128.store(to, lanes, 48);
    to += 64;
  }
}

/** to = from. */
export function copy(to: usize, from: usize, length: u32): void {
  memory.copy(to, from, (<usize>length) << 2);
}

export const LF: u32 = 10;
export const CR: u32 = 13;
export const SPACE: u32 = 32;
export const QUOTE: u32 = 34;
export const MINUS: u32 = 45;
export const ZERO: u32 = 48;

export function byteAt(at: usize): u32 {
  return load<u8>(at);
}

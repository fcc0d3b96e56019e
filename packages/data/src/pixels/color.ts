/** Between grey and RGB, in integers: the same values on every machine. */
import type { ColorMode } from '../options.ts';

/** Number of channels of a mode. */
export function channelsOf(mode: ColorMode): 1 | 3 {
  return mode === 'grey' ? 1 : 3;
}

/**
 * RGB to grey by the luma of ITU-R BT.601, 0.299 R + 0.587 G + 0.114 B in 16-bit fixed point, as
 * Pillow's `convert("L")`.
 */
export function rgbToGrey(rgb: Uint8Array, grey: Uint8Array): void {
  for (let i = 0, at = 0; i < grey.length; i++, at += 3) {
    const r = rgb[at] ?? 0;
    const g = rgb[at + 1] ?? 0;
    const b = rgb[at + 2] ?? 0;
    grey[i] = (r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16;
  }
}

export function greyToRgb(grey: Uint8Array, rgb: Uint8Array): void {
  for (let i = 0, at = 0; i < grey.length; i++, at += 3) {
    const value = grey[i] ?? 0;
    rgb[at] = value;
    rgb[at + 1] = value;
    rgb[at + 2] = value;
  }
}

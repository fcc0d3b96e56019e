/** The image that all others of a source must agree with, where nothing was said of size or color. */
import type { TransformOptions } from '../pixels/transform.ts';
import type { ImageHeader } from './imageHeader.ts';

/** Structured-cloneable. */
export interface ImageReference {
  readonly path: string;
  /** Where it decides the size: in pixels. */
  readonly size: readonly [height: number, width: number] | undefined;
  /** Whether it decides that all are grey. */
  readonly greyOnly: boolean;
  /** A model was trained on such, so that no option says any more how they are read. */
  readonly isTrained: boolean;
}

export function imageReference(
  path: string,
  { height, width, color: isColor }: ImageHeader,
  { resize, color, isTrained = false }: TransformOptions,
): ImageReference {
  return {
    path,
    size: resize ? undefined : [height, width],
    greyOnly: color === undefined && !isColor,
    isTrained,
  };
}

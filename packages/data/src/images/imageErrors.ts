/** What can be wrong with one image of a folder. */
import type { DataErrorDetails } from '../errors.ts';
import type { ImageReference } from './imageReference.ts';

export function brokenImage(path: string, reason: string): DataErrorDetails {
  return {
    code: 'DATA_BROKEN_IMAGE',
    where: path,
    expected: 'a complete PNG or JPEG image',
    got: reason,
    fix: 'Replace or remove this file.',
  };
}

/** @param where the file, and the row in it */
export function brokenRow(where: string, reason: string): DataErrorDetails {
  const fix = 'Write the file again with another picture in this row, or without the row.';
  return { ...brokenImage(where, reason), fix };
}

export function wrongImageSize(
  path: string,
  size: readonly number[],
  reference: Pick<ImageReference, 'path' | 'isTrained'> & { readonly size: readonly number[] },
): DataErrorDetails {
  const option = `--resize ${reference.size.join('x')}`;
  return {
    code: 'DATA_IMAGE_SIZE',
    where: path,
    expected: `${reference.size.join('x')} pixels (height x width), as ${reference.path} has`,
    got: size.join('x'),
    fix: reference.isTrained
      ? `Resize it beforehand; a model trained with ${option} reads images of any size.`
      : `Resize all of them: ${option}.`,
  };
}

export function unexpectedColor(
  path: string,
  reference: Pick<ImageReference, 'path' | 'isTrained'>,
): DataErrorDetails {
  return {
    code: 'DATA_IMAGE_COLOR',
    where: path,
    expected: `a grey image, as ${reference.path} is`,
    got: 'one with color',
    fix: reference.isTrained
      ? 'Make it grey beforehand; a model trained with --color grey or --color rgb reads images of any color.'
      : 'Say which you want for all of them: --color grey or --color rgb.',
  };
}

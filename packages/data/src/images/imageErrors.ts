/** What can be wrong with one image of a folder. */
import type { DataErrorDetails } from '../errors.ts';

export function brokenImage(path: string, reason: string): DataErrorDetails {
  return {
    code: 'DATA_BROKEN_IMAGE',
    where: path,
    expected: 'a complete PNG or JPEG image',
    got: reason,
    fix: 'Replace or remove this file.',
  };
}

export function wrongImageSize(
  path: string,
  size: readonly number[],
  reference: { readonly path: string; readonly size: readonly number[] },
): DataErrorDetails {
  return {
    code: 'DATA_IMAGE_SIZE',
    where: path,
    expected: `${reference.size.join('x')} pixels (height x width), as ${reference.path} has`,
    got: size.join('x'),
    fix: `Resize all of them: --resize ${reference.size.join('x')}.`,
  };
}

export function unexpectedColor(path: string, reference: string): DataErrorDetails {
  return {
    code: 'DATA_IMAGE_COLOR',
    where: path,
    expected: `a grey image, as ${reference} is`,
    got: 'one with color',
    fix: 'Say which you want for all of them: --color grey or --color rgb.',
  };
}

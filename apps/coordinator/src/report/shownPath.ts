import { isAbsolute, relative } from 'node:path';

/** As a user in this folder would type it: short where the path lies inside, absolute elsewhere. */
export function shownPath(path: string): string {
  const inside = relative('', path);
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? path : inside;
}

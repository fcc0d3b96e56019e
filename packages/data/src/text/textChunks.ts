/**
 * A file's bytes as text: UTF-8, without a byte order mark, lines ended by \n alone. Chunks end between
 * characters, anywhere in a line. Anything but UTF-8 is an error that says where.
 */
import { isUtf8 } from 'node:buffer';
import { byteChunks } from './byteChunks.ts';
import { encodingError } from './encodingError.ts';
import { invalidUtf8At, wholeCharacters } from './utf8.ts';

export async function* textChunks(path: string): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  let line = 1;
  let heldReturn = '';
  let isFirst = true;
  for await (const chunk of byteChunks(path)) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    const end = wholeCharacters(bytes);
    const whole = bytes.subarray(0, end);
    rest = bytes.subarray(end);
    const decoded = decode(path, whole, line);
    line += countLines(whole);
    const text = heldReturn + (isFirst ? withoutMark(decoded) : decoded);
    isFirst &&= whole.length === 0;
    // The \n of a \r\n may be the next chunk's first byte.
    heldReturn = text.endsWith('\r') ? '\r' : '';
    yield withPlainEnds(heldReturn ? text.slice(0, -1) : text);
  }
  if (rest.length > 0) decode(path, rest, line);
  if (heldReturn) yield heldReturn;
}

const withoutMark = (text: string): string => (text.startsWith('\ufeff') ? text.slice(1) : text);

const withPlainEnds = (text: string): string =>
  text.includes('\r') ? text.replaceAll('\r\n', '\n') : text;

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines++;
  return lines;
}

/** `line`: that of the first byte. */
function decode(path: string, bytes: Buffer, line: number): string {
  const nul = bytes.indexOf(0);
  if (nul < 0 && isUtf8(bytes)) return bytes.toString('utf8');
  const invalid = invalidUtf8At(bytes);
  const at = invalid < 0 || (nul >= 0 && nul < invalid) ? nul : invalid;
  const before = bytes.subarray(0, at);
  const place = `line ${line + countLines(before)}, byte ${at - before.lastIndexOf(10)} of it`;
  throw encodingError(`${path}, ${place}`, { bytes, at, isUtf8: invalid < 0 });
}

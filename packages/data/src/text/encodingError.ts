/** What bytes look like that are no UTF-8 text, and what to do with a file of them. */
import { DataError } from '../errors.ts';

export interface BadBytes {
  /** From the beginning of the file or from the end of a character on. */
  readonly bytes: Buffer;
  /** Where the first of them is that is wrong. */
  readonly at: number;
  /** Whether all of them are UTF-8, a NUL being a character of it too. */
  readonly isUtf8: boolean;
}

/** @param where the byte, for messages */
export function encodingError(where: string, bad: BadBytes): DataError {
  const byte = (bad.bytes[bad.at] ?? 0).toString(16).toUpperCase().padStart(2, '0');
  const { looks, fix } = adviceOn(bad);
  return new DataError({
    code: 'DATA_ENCODING',
    where,
    expected: 'UTF-8 text',
    got: `the byte 0x${byte}${looks}`,
    fix,
  });
}

function adviceOn({ bytes, isUtf8 }: BadBytes): { readonly looks: string; readonly fix: string } {
  if (isUtf16(bytes)) return { looks: ', as UTF-16 has', fix: convert('UTF-16') };
  if (isUtf8) {
    return {
      looks: ' (NUL), and UTF-8 text around it',
      fix: "Take such bytes out: tr -d '\\000' < FILE > NEW.",
    };
  }
  if (bytes.includes(0)) {
    return {
      looks: ', and the byte 0x00, as a file that is no text has',
      fix: 'Check that it is the right file, or convert it from the encoding that it has (iconv).',
    };
  }
  return { looks: '', fix: convert('ISO-8859-1') };
}

function convert(from: string): string {
  return `Convert the file: iconv -f ${from} -t UTF-8, or the encoding that it has.`;
}

/**
 * By its byte order mark; else by every other byte being 0 often, more than once in eight times (Latin letters with
 * spaces and signs among others), and hardly any between them.
 */
function isUtf16(bytes: Buffer): boolean {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  const nuls: [even: number, odd: number] = [0, 0];
  for (let at = bytes.indexOf(0); at >= 0; at = bytes.indexOf(0, at + 1)) nuls[at % 2 ? 1 : 0]++;
  const [fewer = 0, more = 0] = nuls.sort((a, b) => a - b);
  return more > 1 && more > bytes.length / 16 && fewer < more / 8;
}

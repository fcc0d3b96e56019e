/** Where UTF-8 sequences end, and where one is wrong. RFC 3629, section 4. */

/** Bytes of the sequence that a byte begins; 0: it begins none. */
function sequenceLength(byte: number): number {
  if (byte < 0x80) return 1;
  if (byte >= 0xc2 && byte <= 0xdf) return 2;
  if (byte >= 0xe0 && byte <= 0xef) return 3;
  if (byte >= 0xf0 && byte <= 0xf4) return 4;
  return 0;
}

const isContinuation = (byte: number): boolean => (byte & 0xc0) === 0x80;

/** How many bytes there are before a last sequence that is not all there. */
export function wholeCharacters(bytes: Uint8Array): number {
  const { length } = bytes;
  for (let back = 1; back <= Math.min(3, length); back++) {
    const byte = bytes[length - back] ?? 0;
    if (isContinuation(byte)) continue;
    return sequenceLength(byte) > back ? length - back : length;
  }
  return length;
}

/** The first byte that does not belong to a well-formed sequence; -1: there is none. */
export function invalidUtf8At(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const first = bytes[at] ?? 0;
    const length = sequenceLength(first);
    if (length === 0) return at;
    for (let i = 1; i < length; i++) {
      const byte = bytes[at + i] ?? 0;
      if (!isContinuation(byte) || (i === 1 && !isSecond(first, byte))) return at;
    }
    at += length;
  }
  return -1;
}

/** Overlong forms, surrogates and what lies past U+10FFFF are told by the second byte. */
function isSecond(first: number, second: number): boolean {
  if (first === 0xe0) return second >= 0xa0;
  if (first === 0xed) return second <= 0x9f;
  if (first === 0xf0) return second >= 0x90;
  if (first === 0xf4) return second <= 0x8f;
  return true;
}

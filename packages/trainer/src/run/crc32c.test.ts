import { describe, expect, it } from 'vitest';
import { crc32c, maskedCrc32c } from './crc32c.ts';

describe('crc32c', () => {
  // RFC 3720, appendix B.4, and the check value of the CRC catalogue for "123456789".
  const range = Uint8Array.from({ length: 32 }, (_, i) => i);
  it.each([
    ['32 zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['32 ascending', range, 0x46dd794e],
    ['32 descending', Uint8Array.from(range).reverse(), 0x113fdb5c],
    ['digits', new TextEncoder().encode('123456789'), 0xe3069283],
    ['nothing', new Uint8Array(0), 0],
  ])('%s', (_, bytes, crc) => {
    expect(crc32c(bytes)).toBe(crc);
  });

  it('is masked by a rotation and a constant', () => {
    const crc = 0xe3069283n;
    const rotated = ((crc >> 15n) | (crc << 17n)) & 0xffffffffn;
    const masked = (rotated + 0xa282ead8n) & 0xffffffffn;
    expect(maskedCrc32c(new TextEncoder().encode('123456789'))).toBe(Number(masked));
  });
});

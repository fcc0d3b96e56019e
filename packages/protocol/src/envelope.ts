/**
 * The envelope around every message: enough to tell, before anything is parsed, whether these are
 * all the bytes of one message of this version. A worker may die while it writes.
 *
 *     byte 0       1       2         3          4..7             8..11            12..
 *          'L'     'S'     version   reserved   payload bytes    CRC-32 of it     payload
 *                                    (0)        (u32, little)    (u32, little)
 */
import { crc32 } from './crc32.ts';
import { ProtocolError } from './errors.ts';

/** Rises with every change that an older reader would misread. */
export const PROTOCOL_VERSION = 1;

const HEADER_BYTES = 12;
const MAGIC = [0x4c, 0x53] as const; // 'LS'
const WHERE = 'protocol message';
const DIED = 'The sender most likely died while writing; its tasks can be claimed again.';

/** Copies `payload`. */
export function wrap(payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + payload.byteLength);
  const header = new DataView(bytes.buffer);
  header.setUint8(0, MAGIC[0]);
  header.setUint8(1, MAGIC[1]);
  header.setUint8(2, PROTOCOL_VERSION);
  header.setUint32(4, payload.byteLength, true);
  header.setUint32(8, crc32(payload), true);
  bytes.set(payload, HEADER_BYTES);
  return bytes;
}

/** The payload, a view on `bytes`. Throws ProtocolError. */
export function unwrap(bytes: Uint8Array): Uint8Array {
  if (bytes.byteLength < HEADER_BYTES) {
    throw truncated(`at least ${HEADER_BYTES} bytes of header`, `${bytes.byteLength} bytes`);
  }
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (header.getUint8(0) !== MAGIC[0] || header.getUint8(1) !== MAGIC[1]) {
    throw corrupt('a header that starts with "LS"', 'other bytes');
  }
  const version = header.getUint8(2);
  if (version !== PROTOCOL_VERSION) {
    throw new ProtocolError({
      code: 'PROTOCOL_VERSION',
      where: WHERE,
      expected: `version ${PROTOCOL_VERSION}`,
      got: `version ${version}`,
      fix: 'Run the same version of Lockstep everywhere.',
    });
  }
  const length = header.getUint32(4, true);
  const payload = bytes.subarray(HEADER_BYTES);
  if (payload.byteLength < length) {
    throw truncated(`a payload of ${length} bytes`, `${payload.byteLength}`);
  }
  if (payload.byteLength > length) {
    throw corrupt(`a payload of ${length} bytes`, `${payload.byteLength}`);
  }
  if (crc32(payload) !== header.getUint32(8, true)) {
    throw corrupt('a payload that matches its checksum', 'other bytes');
  }
  return payload;
}

function truncated(expected: string, got: string): ProtocolError {
  return new ProtocolError({ code: 'PROTOCOL_TRUNCATED', where: WHERE, expected, got, fix: DIED });
}

function corrupt(expected: string, got: string): ProtocolError {
  return new ProtocolError({ code: 'PROTOCOL_CORRUPT', where: WHERE, expected, got, fix: DIED });
}

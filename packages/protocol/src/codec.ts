/**
 * Messages to bytes and back. What is sent is trusted to its types; what arrives is not trusted at
 * all: `decodeMessage` returns a valid message or throws ProtocolError, whatever the bytes are.
 */
import { Packr } from 'msgpackr';
import { unwrap, wrap } from './envelope.ts';
import { ProtocolError } from './errors.ts';
import { checkMessage } from './messageChecks.ts';
import type { Message } from './messages.ts';

// Records would give the bytes a memory of earlier messages; each must stand alone.
const packr = new Packr({ useRecords: false, mapsAsObjects: true });

export function encodeMessage(message: Message): Uint8Array {
  return wrap(packr.pack(message));
}

/** Borrows `bytes`. */
export function decodeMessage(bytes: Uint8Array): Message {
  const payload = unwrap(bytes);
  try {
    return checkMessage(packr.unpack(payload));
  } catch (error) {
    if (error instanceof ProtocolError) throw error;
    // Not MessagePack, or nested deeper than the stack.
    throw new ProtocolError({
      code: 'PROTOCOL_CORRUPT',
      where: 'protocol message',
      expected: 'one MessagePack value',
      got: error instanceof Error ? error.message : String(error),
      fix: 'Run the same version of Lockstep everywhere.',
    });
  }
}

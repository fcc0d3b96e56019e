/** Channel `message` speaks the protocol's encoding, with its checks of what arrives. */
import type { MessageCodec } from '@lockstep/collective';
import { decodeMessage, encodeMessage } from '@lockstep/protocol';

export const channelCodec: MessageCodec = {
  encode: encodeMessage,
  decode: decodeMessage as MessageCodec['decode'],
};

/** Size and color of a PNG or JPEG from its header, without decoding it. */

export interface ImageHeader {
  readonly height: number;
  readonly width: number;
  /** Whether it may hold color: RGB, a palette, YCbCr or CMYK. */
  readonly color: boolean;
}

const pngMagic = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Undefined where the bytes are neither, or end too early. */
export function parseImageHeader(bytes: Uint8Array): ImageHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = pngMagic.every((byte, i) => bytes[i] === byte) ? parsePng(view) : parseJpeg(view);
  return header && header.height > 0 && header.width > 0 ? header : undefined;
}

/** IHDR is always the first chunk. https://www.w3.org/TR/png-3/#11IHDR */
function parsePng(view: DataView): ImageHeader | undefined {
  if (view.byteLength < 26 || view.getUint32(12) !== 0x49484452) return undefined;
  const colorType = view.getUint8(25);
  return {
    width: view.getUint32(16),
    height: view.getUint32(20),
    color: colorType !== 0 && colorType !== 4,
  };
}

/** Walks the marker segments to the start of frame. ITU-T T.81, annex B. */
function parseJpeg(view: DataView): ImageHeader | undefined {
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return undefined;
  let at = 2;
  while (at + 9 < view.byteLength && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at++; // fill byte
    } else if (isStartOfFrame(marker)) {
      return {
        height: view.getUint16(at + 5),
        width: view.getUint16(at + 7),
        color: view.getUint8(at + 9) > 1,
      };
    } else {
      at += 2 + view.getUint16(at + 2);
    }
  }
  return undefined;
}

/** C0 to CF without the tables and extensions among them (DHT, JPG, DAC). */
function isStartOfFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

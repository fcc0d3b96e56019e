/**
 * TensorBoard event files: TFRecords of tensorflow.Event messages (event.proto, summary.proto),
 * with scalars and PNG images. Records wait in memory until `flush`.
 *
 *   record = u64 LE length | masked CRC-32C of those 8 bytes | event | masked CRC-32C of the event
 */
import { closeSync, existsSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { maskedCrc32c } from './crc32c.ts';
import type { PngImage } from './imageGrid.ts';
import * as pb from './protobuf.ts';
import { writeFailed } from './writeFailed.ts';

export interface TensorboardWriter {
  scalars(step: number, values: Readonly<Record<string, number>>): void;
  image(step: number, tag: string, image: PngImage): void;
  /** Hands everything so far to the operating system. */
  flush(): void;
  /** Flushes and closes. */
  close(): void;
}

export interface TensorboardOptions {
  /** Makes TensorBoard forget what an earlier session logged past this step. */
  readonly resumedStep?: number;
  /** Milliseconds since 1970; the wall clock. */
  readonly now?: () => number;
}

/** Field numbers of tensorflow.Event, Summary, Summary.Value, Summary.Image and SessionLog. */
const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5, sessionLog: 7 };
const SUMMARY_VALUE = 1;
const VALUE = { tag: 1, simpleValue: 2, image: 4 };
const IMAGE = { height: 1, width: 2, colorspace: 3, encoded: 4 };
const SESSION_LOG_STATUS = 1;
const SESSION_START = 1;

/** Makes a new event file in `folder`; TensorBoard reads all of a folder's, oldest name first. */
export function openTensorboard(
  folder: string,
  { resumedStep, now = Date.now }: TensorboardOptions = {},
): TensorboardWriter {
  const path = freePath(folder, Math.floor(now() / 1000));
  const writing = <T>(write: () => T): T => {
    try {
      return write();
    } catch (error) {
      throw writeFailed(path, error);
    }
  };
  const file = writing(() => openSync(path, 'wx'));
  let pending: Uint8Array[] = [];
  const add = (...fields: readonly Uint8Array[]) => {
    pending.push(record(pb.concat(pb.doubleField(EVENT.wallTime, now() / 1000), ...fields)));
  };
  const summary = (step: number, values: readonly Uint8Array[]) => {
    add(pb.integerField(EVENT.step, step), pb.bytesField(EVENT.summary, ...values));
  };

  add(pb.textField(EVENT.fileVersion, 'brain.Event:2'));
  if (resumedStep !== undefined) {
    const started = pb.integerField(SESSION_LOG_STATUS, SESSION_START);
    add(pb.integerField(EVENT.step, resumedStep + 1), pb.bytesField(EVENT.sessionLog, started));
  }
  const flush = () => {
    const bytes = pb.concat(...pending);
    pending = [];
    writing(() => {
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
    });
  };
  return {
    scalars: (step, values) => {
      const fields = Object.entries(values).map(([tag, value]) =>
        pb.bytesField(
          SUMMARY_VALUE,
          pb.textField(VALUE.tag, tag),
          pb.floatField(VALUE.simpleValue, value),
        ),
      );
      summary(step, fields);
    },
    image: (step, tag, { png, width, height, channels }) => {
      const image = pb.bytesField(
        VALUE.image,
        pb.integerField(IMAGE.height, height),
        pb.integerField(IMAGE.width, width),
        pb.integerField(IMAGE.colorspace, channels),
        pb.bytesField(IMAGE.encoded, png),
      );
      summary(step, [pb.bytesField(SUMMARY_VALUE, pb.textField(VALUE.tag, tag), image)]);
    },
    flush,
    close: () => {
      flush();
      writing(() => closeSync(file));
    },
  };
}

const EVENT_FILE = /^events\.out\.tfevents\.\d+\.lockstep(\.\d+)?$/;

export function isEventFile(name: string): boolean {
  return EVENT_FILE.test(name);
}

/** TensorBoard takes any name with `tfevents` in it. */
function freePath(folder: string, seconds: number): string {
  const base = join(folder, `events.out.tfevents.${String(seconds).padStart(10, '0')}.lockstep`);
  for (let n = 1; ; n++) {
    const path = n === 1 ? base : `${base}.${n}`;
    if (!existsSync(path)) return path;
  }
}

function record(event: Uint8Array): Uint8Array {
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(event.length), true);
  return pb.concat(length, crcBytes(length), event, crcBytes(event));
}

function crcBytes(bytes: Uint8Array): Uint8Array {
  const crc = new Uint8Array(4);
  new DataView(crc.buffer).setUint32(0, maskedCrc32c(bytes), true);
  return crc;
}

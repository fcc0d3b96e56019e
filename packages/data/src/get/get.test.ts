import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { expectDataError } from '../testing/expectDataError.ts';
import { pattern, temporaryFolder } from '../testing/files.ts';
import { zip } from '../testing/zip.ts';
import { findKnownData, getData } from './getData.ts';
import { knownData, type KnownData, type RemoteFile } from './knownData.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function serve(handler: Handler): Promise<string> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const content = Buffer.from(pattern(200_000));
const hexOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function known(url: string, bytes: Uint8Array, more: Partial<RemoteFile> = {}): KnownData {
  const checksum = { algorithm: 'sha256', hex: hexOf(bytes) } as const;
  const files = [{ url, name: 'file.bin', checksum, ...more }];
  return { name: 'test', title: 't', licence: 'l', home: 'h', megabytes: 1, files };
}

/** Answers ranges as servers do. */
function answer(request: IncomingMessage, response: ServerResponse): Buffer {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const rest = content.subarray(from);
  response.writeHead(from > 0 ? 206 : 200, {
    'content-length': rest.length,
    ...(from > 0 && { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` }),
  });
  return rest;
}

describe('getData', () => {
  it('fetches, says how far it is, and fetches nothing twice', async () => {
    let requests = 0;
    const url = await serve((request, response) => {
      requests++;
      response.end(answer(request, response));
    });
    const folder = join(await temporaryFolder(), 'new', 'folder');
    const seen: number[] = [];
    const set = known(url, content);
    const first = await getData(set, {
      folder,
      onProgress: ({ done, total, name }) => {
        expect([total, name]).toEqual([content.length, 'file.bin']);
        seen.push(done);
      },
    });
    expect(first).toMatchObject({ folder, files: ['file.bin'], data: folder, present: false });
    expect(await readFile(join(folder, 'file.bin'))).toEqual(content);
    expect(await readdir(folder)).toEqual(['file.bin']);
    expect(seen.at(-1)).toBe(content.length);
    expect(seen).toEqual(seen.slice().sort((a, b) => a - b));
    expect((await getData(set, { folder })).present).toBe(true);
    expect(requests).toBe(1);
    // A file that was changed is fetched again.
    await writeFile(join(folder, 'file.bin'), 'other');
    expect((await getData(set, { folder })).present).toBe(false);
    expect(await readFile(join(folder, 'file.bin'))).toEqual(content);
  });

  it('goes on where a connection was cut, again and again', async () => {
    const ranges: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      ranges.push(request.headers.range);
      const rest = answer(request, response);
      const piece = rest.subarray(0, 70_000);
      if (piece.length === rest.length) response.end(rest);
      else response.write(piece, () => response.destroy());
    });
    const folder = await temporaryFolder();
    await getData(known(url, content), { folder });
    expect(await readFile(join(folder, 'file.bin'))).toEqual(content);
    expect(ranges).toEqual([undefined, 'bytes=70000-', 'bytes=140000-']);
  });

  it('goes on from an earlier time, and begins anew where the server knows no ranges', async () => {
    for (const knowsRanges of [true, false]) {
      const url = await serve((request, response) => {
        if (!knowsRanges) delete request.headers.range;
        response.end(answer(request, response));
      });
      const folder = await temporaryFolder();
      await writeFile(join(folder, 'file.bin.part'), content.subarray(0, 1234));
      await getData(known(url, content), { folder });
      expect(await readFile(join(folder, 'file.bin'))).toEqual(content);
    }
  });

  it('takes what had come whole before it was checked', async () => {
    const url = await serve((_request, response) => response.writeHead(416).end());
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file.bin.part'), content);
    await getData(known(url, content), { folder });
    expect(await readdir(folder)).toEqual(['file.bin']);
  });

  it('keeps nothing whose checksum is wrong', async () => {
    const url = await serve((request, response) => response.end(answer(request, response)));
    const folder = await temporaryFolder();
    const set = known(url, Buffer.from('what it should be'));
    await expectDataError(() => getData(set, { folder }), 'DATA_CHECKSUM', url, hexOf(content));
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    [404, 'no longer there'],
    [503, 'try again later'],
  ])('says what a server answers: %i', async (status, mention) => {
    const url = await serve((_request, response) => response.writeHead(status).end('sorry'));
    const folder = await temporaryFolder();
    const set = known(url, content);
    await expectDataError(() => getData(set, { folder }), 'DATA_NETWORK', `${status}`, mention);
  });

  it('says plainly that there is no network', async () => {
    const folder = await temporaryFolder();
    const url = 'http://127.0.0.1:9/x';
    await expectDataError(
      () => getData(known(url, content), { folder }),
      'DATA_NETWORK',
      url,
      'no network here',
      `copy it to ${join(folder, 'file.bin')} and run this again`,
    );
    const mnist = findKnownData('mnist');
    const files = mnist.files.map((file) => ({ ...file, url }));
    const mentions = [
      `copy it to ${join(folder, 'train-images-idx3-ubyte.gz')}, train-labels-idx1-ubyte.gz, `,
      '--data mnist comes with Lockstep',
    ];
    const getting = (): unknown => getData({ ...mnist, files }, { folder });
    await expectDataError(getting, 'DATA_NETWORK', ...mentions);
  });

  it('takes a file that was copied by hand, without a network', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file.bin'), content);
    const got = await getData(known('http://127.0.0.1:9/x', content), { folder });
    expect(got).toMatchObject({ files: ['file.bin'], present: true });
  });

  it('leaves no folder where nothing came, but those that were there', async () => {
    const there = await temporaryFolder();
    const set = known('http://127.0.0.1:9/x', content);
    const folder = join(there, 'new', 'folder');
    await expectDataError(() => getData(set, { folder }), 'DATA_NETWORK');
    await expectDataError(() => getData(set, { folder: there }), 'DATA_NETWORK');
    expect(await readdir(there)).toEqual([]);
    await writeFile(join(there, 'file'), '');
    const below = join(there, 'file', 'folder');
    await expectDataError(() => getData(set, { folder: below }), 'DATA_UNREADABLE', below, '--out');
  });

  it('gives up a server that sends no more, and keeps what came', async () => {
    const url = await serve((request, response) => {
      if (request.headers.range !== undefined) return; // never answers
      response.write(answer(request, response).subarray(0, 5000));
    });
    const folder = await temporaryFolder();
    const set = known(url, content);
    await expectDataError(
      () => getData(set, { folder, stallMs: 50 }),
      'DATA_NETWORK',
      '5000 bytes',
      'Run the command again',
    );
    expect((await readFile(join(folder, 'file.bin.part'))).length).toBe(5000);
  });

  it('ends when it is interrupted', async () => {
    const abort = new AbortController();
    const url = await serve((request, response) => {
      response.write(answer(request, response).subarray(0, 5000), () => abort.abort());
    });
    const folder = await temporaryFolder();
    await expect(
      getData(known(url, content), { folder, signal: abort.signal }),
    ).rejects.toMatchObject({ name: 'AbortError' });
  });

  it.each(['zip', 'tar.gz'] as const)('unpacks the files it wants from a %s', async (format) => {
    const members = {
      'set/a.csv': Buffer.from('1,2'),
      'set/in/b.csv': Buffer.from('3'),
      'set/x.md': content,
    };
    const archive = format === 'zip' ? zip(members, { compress: true }) : gzipSync(tar(members));
    let requests = 0;
    const url = await serve((_request, response) => {
      requests++;
      response.end(archive);
    });
    const folder = await temporaryFolder();
    const set = known(url, archive, { unpack: { format, keep: /^set\/([\w/]+\.csv)$/ } });
    const got = await getData({ ...set, entry: 'a.csv' }, { folder });
    expect(got).toMatchObject({ files: ['a.csv', 'in/b.csv'], data: join(folder, 'a.csv') });
    expect(await readFile(join(folder, 'in/b.csv'), 'utf8')).toBe('3');
    expect((await readdir(folder)).sort()).toEqual(['.lockstep-data.json', 'a.csv', 'in']);
    expect((await getData(set, { folder })).present).toBe(true);
    expect(requests).toBe(1);
  });
});

describe('knownData', () => {
  it('has checksums of the right length, addresses and names of its own', () => {
    const names = knownData.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { files } of knownData) {
      for (const { url, checksum } of files) {
        expect(new URL(url).protocol).toMatch(/^https?:$/);
        expect(checksum.hex).toMatch(
          checksum.algorithm === 'md5' ? /^[0-9a-f]{32}$/ : /^[0-9a-f]{64}$/,
        );
      }
    }
  });

  it('is found by its name', async () => {
    expect(findKnownData('cifar-10').title).toContain('CIFAR-10');
    await expectDataError(() => findKnownData('imagenet'), 'DATA_NOT_KNOWN', 'imagenet', 'kmnist');
  });
});

/** A tar of plain files (POSIX ustar). */
function tar(members: Readonly<Record<string, Uint8Array>>): Buffer {
  const blocks: Uint8Array[] = [];
  for (const [name, bytes] of Object.entries(members)) {
    const head = Buffer.alloc(512);
    head.write(name, 0);
    head.write('0000644\0', 100);
    head.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124);
    head.write('00000000000\0', 136);
    head.write('        ', 148);
    head.write('0', 156);
    head.write('ustar\x0000', 257);
    const sum = head.reduce((total, byte) => total + byte, 0);
    head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    blocks.push(head, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512));
  }
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

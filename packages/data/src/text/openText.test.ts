import { expect, it } from 'vitest';
import { expectDataError } from '../testing/expectDataError.ts';
import { temporaryFolder, write } from '../testing/files.ts';
import { openText, type OpenTextOptions } from './openText.ts';
import { textCodec } from './textCodec.ts';

interface ReadOptions extends OpenTextOptions {
  readonly name?: string;
  readonly train?: Uint32Array;
  readonly positions?: Uint32Array;
}

/** What a file of these bytes is read as, and how. */
async function readText(content: string | Uint8Array, options: ReadOptions = {}) {
  const { name = 'lines.txt', train, positions, ...rest } = options;
  const path = await write(await temporaryFolder(), name, Buffer.from(content));
  const opened = await openText(path, rest);
  const source = await opened.fit(train);
  const [length = 0] = source.shape;
  const count = positions?.length ?? source.count;
  const values = new Uint8Array(2 * count * length);
  await source.read(values, positions);
  const ids = new Uint16Array(values.buffer);
  const codec = textCodec(source.format);
  const texts = Array.from({ length: count }, (_, i) =>
    codec.decode(ids.subarray(i * length, (i + 1) * length)),
  );
  return { texts, ids, source, format: source.format, path };
}

it('reads lines, plain or gzip, and ends each', async () => {
  for (const name of ['lines.txt', 'lines.txt.gz']) {
    const { texts, ids, format } = await readText('ab\n\nb\n', { name });
    expect(texts).toEqual(['ab', 'b']);
    expect(format.vocabulary).toEqual(['', '\ufffd', 'a', 'b']);
    expect(Array.from(ids)).toEqual([2, 3, 0, 3, 0, 0]);
  }
});

it('takes Windows line ends, a byte order mark, and a last line without an end', async () => {
  const { texts, format } = await readText('\ufeffa\r\nb\r\n \r\nc\rd');
  expect(texts).toEqual(['a', 'b', 'c\rd']);
  expect(format.vocabulary.slice(2)).toEqual(['\r', 'a', 'b', 'c', 'd']);
});

it('takes empty lines where asked to', async () => {
  const { texts } = await readText('a\n\n \nb', { keepEmpty: true });
  expect(texts).toEqual(['a', '', ' ', 'b']);
});

it('reads characters that lie across the chunks in which a file comes', async () => {
  const line = 'aß漢😀\r\n';
  const content = line.repeat(60_000); // 12 bytes each, of chunks of 256 KiB
  const { texts, format } = await readText(content);
  expect(texts).toHaveLength(60_000);
  expect(new Set(texts)).toEqual(new Set(['aß漢😀']));
  expect(format.vocabulary.slice(2)).toEqual(['a', 'ß', '漢', '😀']);
  expect(format.length).toBe(5);
});

it('cuts a text into windows, line ends and all', async () => {
  const { texts, format } = await readText('ab\r\n\r\n😀de', { by: 'window', characters: 3 });
  expect(texts).toEqual(['ab\n', '\n😀d', 'e']);
  expect(format.length).toBe(3);
});

it('cuts long lines off, or lets them go on in further examples', async () => {
  expect((await readText('abcde\nab', { tokens: 3 })).texts).toEqual(['abc', 'ab']);
  expect((await readText('abcde\nab', { characters: 3 })).texts).toEqual(['abc', 'de', 'ab']);
  const long = await readText(`${'a'.repeat(1000)}\nb`);
  expect(long.format.length).toBe(256);
});

it('fits on the training part alone, and reads the rest as that says', async () => {
  const { texts, format } = await readText('ab\nxyz\nba', { train: Uint32Array.of(0, 2) });
  expect(format.vocabulary.slice(2)).toEqual(['a', 'b']);
  expect(format.length).toBe(3);
  expect(texts).toEqual(['ab', '\ufffd\ufffd\ufffd', 'ba']);
  const other = await readText('bab!', { format });
  expect(other.format).toEqual(format);
  expect(other.texts).toEqual(['bab']);
});

it('refuses a line that memory would have to hold, and says how windows are asked for', async () => {
  const endless = Buffer.alloc(2 ** 24 + 2 ** 18 + 1, 'a');
  for (const form of ['--read by=window', 'by: "window"']) {
    await expectDataError(() => readText(endless), 'DATA_TEXT_LINE', 'line 1', form);
  }
});

it('keeps the most frequent characters', async () => {
  const { texts } = await readText('aab\nbca', { vocabularySize: 4 });
  expect(texts).toEqual(['aab', 'b\ufffda']);
});

it('reads some examples alone', async () => {
  const { texts } = await readText('a\nb\nc\nd', { positions: Uint32Array.of(1, 3) });
  expect(texts).toEqual(['b', 'd']);
});

it('trains byte pairs, which give the text back', async () => {
  const content = 'the cat\nthe hat, the  mat!\nthat 42';
  const { texts, format } = await readText(content, { unit: 'byte-pair', vocabularySize: 40 });
  expect(texts).toEqual(content.split('\n'));
  expect(format.vocabulary).toContain('the');
  expect(format.merges?.length).toBeGreaterThan(2);
  expect(textCodec(format).tokenize('the')).toHaveLength(1);
  expect(JSON.parse(JSON.stringify(format))).toEqual(format);
});

it.each([
  ['Latin-1', Buffer.from('abc\nd\xe9f\n', 'latin1'), 'line 2, byte 2 of it', '0xE9'],
  ['UTF-16', Buffer.from('\ufeffab', 'utf16le'), 'line 1, byte 1 of it', '0xFF'],
  ['UTF-16 without a mark', Buffer.from('ab', 'utf16le'), 'line 1, byte 2 of it', '0x00'],
  ['a surrogate', Buffer.of(97, 0xed, 0xa0, 0x80), 'line 1, byte 2 of it', '0xED'],
  ['a character cut short', Buffer.of(97, 10, 0xe6, 0xbc), 'line 2, byte 1 of it', '0xE6'],
])('says where %s begins', async (_, bytes, where, byte) => {
  await expectDataError(() => readText(bytes), 'DATA_ENCODING', where, byte);
});

it.each([
  ['UTF-16', Buffer.from('\ufeffab', 'utf16le'), 'iconv -f UTF-16'],
  ['UTF-16 without a mark', Buffer.from('a rose, € 5', 'utf16le'), 'iconv -f UTF-16'],
  ['UTF-16, high bytes first', Buffer.from('a rose', 'utf16le').swap16(), 'iconv -f UTF-16'],
  ['a stray NUL', Buffer.from('a rose\nis\0 a röse\n'), "tr -d '\\000'"],
  ['a NUL in few bytes', Buffer.from('a\0b'), "tr -d '\\000'"],
  ['several NULs, anywhere', Buffer.from('\0\0\0\0a rose is a rose'), "tr -d '\\000'"],
  ['no text', Buffer.of(0x89, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13), 'the right file'],
  ['Latin-1', Buffer.from('\xfe\xe9', 'latin1'), 'iconv -f ISO-8859-1'],
])('says what to do with %s', async (_, bytes, fix) => {
  await expectDataError(() => readText(bytes), 'DATA_ENCODING', fix);
});

it('is a file, not a folder', async () => {
  await expect(openText(await temporaryFolder())).rejects.toMatchObject({
    code: 'DATA_UNREADABLE',
    got: 'a folder',
  });
});

it('says where an unknown character is, where that is an error', async () => {
  const options = { unknown: 'error', train: Uint32Array.of(0) } as const;
  const content = 'abc\n\ncab€';
  await expectDataError(
    () => readText(content, options),
    'DATA_UNKNOWN_CHARACTER',
    'line 3',
    '"€" (U+20AC) after "cab"',
  );
});

it.each([
  ['nothing but empty lines', '\n \n', {}, 'DATA_EMPTY'],
  ['no file', undefined, {}, 'DATA_NOT_FOUND'],
  ['no such cut', 'a', { by: 'page' as 'line' }, 'DATA_OPTION'],
  ['half a token', 'a', { tokens: 2.5 }, 'DATA_OPTION'],
  ['too large a vocabulary', 'a', { vocabularySize: 70_000 }, 'DATA_OPTION'],
] as const)('refuses %s', async (_, content, options, code) => {
  const read = () =>
    content === undefined ? openText('/no/such.txt') : readText(content, options);
  await expectDataError(read, code);
});

it('a broken gzip file is an error', async () => {
  const folder = await temporaryFolder();
  const whole = await write(folder, 'a.txt.gz', Buffer.from('abc\n'.repeat(100)));
  const { readFile } = await import('node:fs/promises');
  const short = await write(folder, 'b.txt', (await readFile(whole)).subarray(0, 20));
  await expectDataError(() => openText(short), 'DATA_TRUNCATED');
});

it.each<[string, OpenTextOptions, readonly number[]]>([
  ['lines, without those that are empty', {}, [1, 4, 5, 6]],
  ['pieces of lines', { characters: 2 }, [1, 4, 4, 5, 6]],
  ['windows', { by: 'window', characters: 4 }, [1, 3, 4, 6]],
])('says in which line an example begins: %s', async (_, options, expected) => {
  const { source } = await readText('ab\n\n \nabc\nb\nba\n', options);
  const linesOf = async (positions?: Uint32Array): Promise<number[]> => {
    const all: number[] = [];
    for await (const some of source.lines(positions)) all.push(...some);
    return all;
  };
  expect(await linesOf()).toEqual(expected);
  expect(await linesOf(Uint32Array.of(0, 2))).toEqual([expected[0], expected[2]]);
});

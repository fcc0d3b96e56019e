import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openData } from '../openData.ts';
import { expectDataError } from '../testing/expectDataError.ts';
import { temporaryFolder } from '../testing/files.ts';
import { writeImages } from '../testing/greyImages.ts';

it.each(['photos', 'visits.csv', 'table:visits', 'lines.txt', 'audio:sounds', 'ratings:films'])(
  'a link to nothing is called that: %s',
  async (name) => {
    const folder = await temporaryFolder();
    const [, kind = '', file = ''] = /^(\w+:)?(.*)$/.exec(name) ?? [];
    const path = join(folder, file);
    await symlink('../elsewhere/moved', path);
    const said = 'a symbolic link to ../elsewhere/moved, where nothing is';
    await expectDataError(() => openData(kind + path), 'DATA_NOT_FOUND', path, said);
    const below = join(path, 'below');
    const through = `the symbolic link ${path} to ../elsewhere/moved`;
    await expectDataError(() => openData(`image:${below}`), 'DATA_NOT_FOUND', below, through);
  },
);

it('a link among images is, too, and what is merely not there is no link', async () => {
  const folder = await temporaryFolder();
  await writeImages(folder, 2);
  const link = join(folder, 'b.png');
  await symlink('gone.png', link);
  await expectDataError(() => openData(folder), 'DATA_NOT_FOUND', `${link}: `, 'gone.png');
  await mkdir(join(folder, 'empty'));
  const absent = join(folder, 'empty', 'a.png');
  const error = await expectDataError(() => openData(absent), 'DATA_NOT_FOUND', absent);
  expect(error.got).toBe('nothing at that path');
});

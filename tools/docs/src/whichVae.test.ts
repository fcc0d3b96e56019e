/** docs/which-vae.md has every preset, the pictures of those that draw, and no others; README names every preset. */
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { presets } from '@lockstep/core';
import { expect, test } from 'vitest';
import { drawingCommands } from './pageCommands.mjs';

const docs = fileURLToPath(new URL('../../../docs', import.meta.url));
const page = readFileSync(`${docs}/which-vae.md`, 'utf8');
const names = Object.keys(presets);
const sections = drawingCommands(page);

/** Of data that is neither bundled nor pictures. */
const withoutPictures = ['audio', 'recommend', 'tabular', 'text'];

test('every preset has a section with commands that train it and draw', () => {
  const drawing = names.filter((name) => !withoutPictures.includes(name));
  expect(sections.map(({ heading }) => heading).toSorted()).toEqual(drawing.toSorted());
  for (const name of withoutPictures) {
    expect(page).toContain(`\n## ${name}\n`);
    expect(page).toContain(`\nnpx lockstep train --preset ${name} `);
  }
  for (const { heading, commands } of sections) {
    expect(commands.map(([command]) => command)).toEqual(['train', 'sample', 'reconstruct']);
    expect(commands[0]?.slice(0, 3)).toEqual(['train', '--preset', heading]);
  }
});

test('every preset is in the table, with a command', () => {
  for (const name of names) expect(page).toContain(`| [${name}](#${name})`);
});

test('its pictures are those that its commands draw', () => {
  const drawn = sections.flatMap(({ commands }) =>
    commands.flatMap((args) => args.filter((arg) => arg.startsWith('pictures/'))),
  );
  expect(readdirSync(`${docs}/pictures`).map((file) => `pictures/${file}`)).toEqual(
    drawn.toSorted(),
  );
  for (const path of drawn) expect(page).toContain(`](${path})`);
});

test('README names every preset', () => {
  const readme = readFileSync(`${docs}/../README.md`, 'utf8');
  for (const name of names) expect(readme).toContain(`\`${name}\``);
});

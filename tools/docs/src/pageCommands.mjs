/**
 * The commands of a page: the lines of its `sh` blocks, by the heading that they stand under. Other blocks are
 * there to be read.
 */

const HEADING = /^#{2,} (.+)$/;

/**
 * @typedef {object} Section
 * @property {string} heading
 * @property {string[][]} commands those of `npx lockstep`, each as its arguments
 * @property {string[]} others lines of other programs
 */

/**
 * One section for each block.
 * @param {string} markdown
 * @returns {Section[]}
 */
export function pageCommands(markdown) {
  /** @type {Section[]} */
  const sections = [];
  let heading = '';
  /** @type {string[] | undefined} */
  let block;
  for (const line of markdown.split('\n')) {
    if (block === undefined) {
      heading = HEADING.exec(line)?.[1] ?? heading;
      if (line === '```sh') block = [];
    } else if (line !== '```') {
      block.push(line);
    } else {
      const lines = block
        .join('\n')
        .replaceAll(/\\\n\s*/g, '')
        .split('\n');
      sections.push({
        heading,
        commands: lines.filter(isOurs).map(argumentsOf),
        others: lines.filter((each) => !isOurs(each)),
      });
      block = undefined;
    }
  }
  return sections;
}

/**
 * Those of the blocks that draw something.
 * @param {string} markdown
 */
export function drawingCommands(markdown) {
  return pageCommands(markdown).filter(({ commands }) =>
    commands.some(([command]) => command === 'sample' || command === 'reconstruct'),
  );
}

/** @param {string} line */
function isOurs(line) {
  return line.startsWith('npx lockstep ');
}

/** Words as a shell has them: parted by spaces, but not in quotes, up to a remark. @param {string} line */
function argumentsOf(line) {
  const words = line.replace(/\s+# .*$/, '').match(/'[^']*'|"[^"]*"|\S+/g) ?? [];
  return words.slice(2).map((word) => word.replace(/^(['"])(.*)\1$/, '$2'));
}

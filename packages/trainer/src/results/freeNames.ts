/**
 * Names of columns that are to stand beside others: one that is taken, by those or by one before it, gets `_` before
 * it, as often as it must.
 */
export function freeNames(names: readonly string[], taken: readonly string[]): string[] {
  const all = new Set(taken);
  return names.map((name) => {
    let free = name;
    while (all.has(free)) free = `_${free}`;
    all.add(free);
    return free;
  });
}

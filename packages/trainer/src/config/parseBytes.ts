/** Amounts of memory as people write them: `512M`, `2 GiB`, or bytes alone. */
const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  K: 2 ** 10,
  M: 2 ** 20,
  G: 2 ** 30,
  T: 2 ** 40,
};

/** Undefined where it is none. */
export function parseBytes(text: string): number | undefined {
  const [, number = '', unit = ''] =
    /^(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?$/i.exec(text.trim()) ?? [];
  const bytes = Math.floor(Number(number) * (UNITS[unit.toUpperCase()] ?? NaN));
  return number !== '' && Number.isSafeInteger(bytes) && bytes > 0 ? bytes : undefined;
}

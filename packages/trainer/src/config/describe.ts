/** A value of unknown origin, short, for an error message. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'function') return 'a function';
  let shown: string;
  try {
    shown = JSON.stringify(value) ?? typeof value;
  } catch {
    shown = 'an object that is not plain data';
  }
  return shown.length > 60 ? `${shown.slice(0, 57)}...` : shown;
}

/** An error's name and message, on one line. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return describe(error);
  const message = error.message.replace(/\s+/g, ' ').trim();
  return error.name === 'Error' ? message : `${error.name}: ${message}`;
}

import { checkNumbers } from './checkNumbers.ts';
import type { Notice, Noticed } from './notices.ts';
import { openTrained, type TrainedModel } from './openTrained.ts';
import type { MemoryLimit, UseOptions } from './useOptions.ts';

/**
 * A trained model for as long as `use` takes, and what was noticed meanwhile.
 * @throws ConfigError for a number out of its range; as `openTrained`, and what `use` throws
 */
export async function withTrained<T extends object>(
  run: string,
  options: UseOptions & MemoryLimit,
  use: (trained: TrainedModel) => Promise<T>,
): Promise<T & Noticed> {
  checkNumbers(options);
  const notices: Notice[] = [];
  const onNotice = (notice: Notice): void => {
    notices.push(notice);
    options.onNotice?.(notice);
  };
  const trained = await openTrained(run, { ...options, onNotice });
  try {
    const result = await use(trained);
    return notices.length > 0 ? { ...result, notices } : result;
  } finally {
    await trained.close();
  }
}

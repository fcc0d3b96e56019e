import { tfjs } from './tfjs.ts';

/** Drops what tfjs had saved for a backward pass that an error prevented; tfjs itself would leak it. */
export function disposeOpenTape(): void {
  const { state } = tfjs().engine();
  if (state.gradientDepth > 0) return;
  for (const { saved = [] } of (state.activeTape as typeof state.activeTape | null) ?? []) {
    for (const tensor of saved) tensor.dispose();
  }
  state.activeTape = [];
}

import { defineConfig, mergeConfig } from 'vitest/config';
import { shared } from '../../vitest.shared.ts';

// tfjs goes through Vite, so that one copy of its ES modules serves operations, gradients and backend.
export default mergeConfig(
  shared,
  defineConfig({ test: { server: { deps: { inline: [/@tensorflow/] } } } }),
);

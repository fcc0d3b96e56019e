import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vitest/config';
import { shared } from '../../vitest.shared.ts';

const tfjs = (path: string) => fileURLToPath(import.meta.resolve(`@tensorflow/${path}`));

// One copy of tfjs, as ES modules through Vite: the gradients are only to be had as such, and Node's
// CommonJS bundle beside them is a second copy, whose gradients and chained methods are not set up.
export default mergeConfig(
  shared,
  defineConfig({
    resolve: {
      alias: [
        { find: /^@tensorflow\/tfjs-core$/, replacement: tfjs('tfjs-core/dist/index.js') },
        {
          find: /^@tensorflow\/tfjs-backend-cpu$/,
          replacement: tfjs('tfjs-backend-cpu/dist/index.js'),
        },
      ],
    },
    test: { server: { deps: { inline: [/@tensorflow/] } } },
  }),
);

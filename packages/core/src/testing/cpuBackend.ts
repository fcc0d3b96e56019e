/** tfjs on its CPU backend with gradients registered, for tests. Import for its effect. */
// A path inside the one package that core may import.
// eslint-disable-next-line @nx/enforce-module-boundaries
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import '@tensorflow/tfjs-backend-cpu';
import { env } from '@tensorflow/tfjs-core';

env().set('IS_TEST', true); // no greeting

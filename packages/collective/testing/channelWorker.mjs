// A worker of the channel contract suite: the gradient of a slot is a function of the round, the
// slot and the parameters, so that every bit of the result is known to depend on all of them.
import { parentPort, workerData } from 'node:worker_threads';
import {
  createParameterUpdate,
  instantiateKernels,
  openWorkerChannel,
  parametersOffset,
  slotOffset,
  slotSums,
  tensorView,
} from '../dist/index.js';

const { link, rule, failAtRound } = workerData;
const codec = {
  encode: (message) => new TextEncoder().encode(JSON.stringify(message)),
  decode: (bytes) => JSON.parse(new TextDecoder().decode(bytes)),
};
const channel = openWorkerChannel(link, codec);
const { arena } = channel;
const kernels = instantiateKernels(arena.memory);
const update = createParameterUpdate(arena, kernels, rule);

function runSlot({ kind, round, slot, target, parity }) {
  let loss = 0;
  for (const tensor of arena.layout.tensors) {
    const parameters = tensorView(arena, parametersOffset(arena, parity), tensor);
    const gradient = tensorView(arena, slotOffset(arena, target), tensor);
    parameters.forEach((value, i) => {
      if (kind === 'compute')
        gradient[i] = value * 0.37 + ((i * 31 + slot * 17 + round) % 97) / 97 - 0.5;
      loss += value * value;
    });
  }
  slotSums(arena, target).set([slot + 1, loss, slot]);
}

const done = new Set();
for (;;) {
  const task = await channel.claim();
  if (!task) break;
  if (failAtRound !== undefined && task.round >= failAtRound) throw new Error('the worker fails');
  done.add(task.kind);
  if (task.kind === 'norm') update.reduce(task.chunk);
  else if (task.kind === 'update') update.apply(task.chunk, task.round, task.weight);
  else runSlot(task);
  channel.complete(task);
}
parentPort.postMessage([...done]);

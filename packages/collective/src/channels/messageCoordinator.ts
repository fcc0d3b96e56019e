/**
 * Channel `message`, the coordinator's end: hands out slots over MessagePorts, collects gradients
 * into its own arena, and does the update itself. Same slots, same tree, same kernels as channel
 * `shared`, hence the same bits.
 */
import { blockView, parametersOffset, parity, slotOffset, slotSums, type Arena } from '../arena.ts';
import type { RoundRecord } from '../ledger.ts';
import type { ParameterUpdate } from '../parameterUpdate.ts';
import type {
  CoordinatorChannel,
  RoundRange,
  RunHooks,
  RunOutcome,
  WorkerFailure,
} from './channel.ts';
import type { Messenger } from './messages.ts';

interface Peer {
  readonly messenger: Messenger;
  /** The step whose parameters this worker holds. */
  step: number;
}

export class MessageCoordinator implements CoordinatorChannel {
  readonly arena: Arena;
  step = 0;
  readonly #peers: readonly Peer[];
  readonly #update: ParameterUpdate;
  readonly #failure: WorkerFailure;

  constructor(
    arena: Arena,
    messengers: readonly Messenger[],
    update: ParameterUpdate,
    failure: WorkerFailure,
  ) {
    this.arena = arena;
    this.#peers = messengers.map((messenger) => ({ messenger, step: -1 }));
    this.#update = update;
    this.#failure = failure;
  }

  async run({ kind, from, until }: RoundRange, hooks: RunHooks): Promise<RunOutcome> {
    let next = from;
    while (next < until && !hooks.signal?.aborted) {
      await this.#fillSlots(kind, next);
      const record = this.#sumSlots(next);
      if (![record.weight, ...record.sums].every(Number.isFinite)) return { next, broken: record };
      if (kind === 'compute') this.#finishStep(record.weight);
      hooks.onRound(record);
      next += 1;
    }
    return { next };
  }

  stop(): void {
    for (const { messenger } of this.#peers) messenger.send({ message: 'stop' });
  }

  /** Every worker takes the next slot as soon as it is free. */
  async #fillSlots(kind: RoundRange['kind'], round: number): Promise<void> {
    let nextSlot = 0;
    const serve = async (peer: Peer): Promise<void> => {
      while (nextSlot < this.arena.layout.slots) await this.#runSlot(peer, kind, round, nextSlot++);
    };
    await Promise.race([Promise.all(this.#peers.map(serve)), this.#failure]);
  }

  async #runSlot(peer: Peer, kind: RoundRange['kind'], round: number, slot: number): Promise<void> {
    peer.messenger.send({ message: 'task', kind, round, slot }, this.#parametersFor(peer));
    const { message, body } = await peer.messenger.receive('result');
    slotSums(this.arena, slot).set(message.sums);
    if (body) blockView(this.arena, slotOffset(this.arena, slot)).set(new Float32Array(body));
  }

  /** A copy of the current parameters, if this worker does not hold them yet. */
  #parametersFor(peer: Peer): ArrayBuffer | undefined {
    if (peer.step === this.step) return undefined;
    peer.step = this.step;
    const current = blockView(this.arena, parametersOffset(this.arena, parity(this.step)));
    return new Float32Array(current).buffer;
  }

  #sumSlots(round: number): RoundRecord {
    const { slots, sums } = this.arena.layout;
    const total = new Float64Array(sums);
    for (let slot = 0; slot < slots; slot++) {
      slotSums(this.arena, slot).forEach((value, i) => (total[i] = (total[i] ?? 0) + value));
    }
    return { round, weight: total[0] ?? 0, sums: total.subarray(1) };
  }

  #finishStep(weight: number): void {
    const { chunks, clip } = this.arena.layout;
    if (clip) for (let chunk = 0; chunk < chunks; chunk++) this.#update.reduce(chunk);
    for (let chunk = 0; chunk < chunks; chunk++) this.#update.apply(chunk, this.step, weight);
    this.step += 1;
  }
}

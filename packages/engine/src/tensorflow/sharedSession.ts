/**
 * One session for all threads of the process that run one compiled function. It lies in C's memory; what
 * the threads know of each other is a block of 64 bytes there, whose address is a part of the compiled
 * function:
 *
 *   byte  0  state: int32
 *         8  address of the session
 *        16  address of the graph
 *
 *   0          there is no session
 *   -1         somebody is making or deleting it
 *   n          n executables use it
 *   unclaimed  compile made it, and nobody has loaded it yet
 *
 * Each change of state is one compare-and-swap, so whoever makes or deletes the session is alone with it.
 * A thread that is killed while it uses the session does not come back to say so: then the session stays
 * until the process ends. One that is killed between making and announcing it leaves -1: the others
 * wait a while, and then make one of their own. Blocks are never freed, since a copy of the compiled
 * function may be anywhere.
 */
import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { loadKoffi } from './koffi.ts';
import type { TensorflowLibrary } from './library.ts';
import { loadLibc } from './libc.ts';
import { deleteSession, type Session } from './session.ts';

const [none, busy, unclaimed] = [0, -1, 2 ** 30];
const blockBytes = 64;

const patienceMs = 60_000;

class Block {
  readonly address: bigint;
  readonly #state: Int32Array;
  readonly #addresses: BigUint64Array;

  constructor(address: bigint) {
    const memory = loadKoffi().view(address, blockBytes);
    this.address = address;
    this.#state = new Int32Array(memory, 0, 1);
    this.#addresses = new BigUint64Array(memory, 8, 2);
  }

  get state(): number {
    return Atomics.load(this.#state, 0);
  }

  change(from: number, to: number): boolean {
    return Atomics.compareExchange(this.#state, 0, from, to) === from;
  }

  get session(): Session {
    const [session = 0n, graph = 0n] = this.#addresses;
    return { session, graph };
  }

  /** Only for whoever has made the state `busy`. The addresses are there before the state says so. */
  finish(state: number, { session, graph }: Session = { session: 0n, graph: 0n }): void {
    this.#addresses.set([session, graph]);
    Atomics.store(this.#state, 0, state);
  }
}

/** A session to use until it is released. */
export interface SessionLease {
  readonly session: Session;
  release(): void;
}

/** No other process can have the same: the library lies elsewhere in its memory. */
const thisProcess = ({ doNothing }: TensorflowLibrary): string =>
  `${hostname()} ${process.pid} ${doNothing}`;

/** What a compiled function carries. It is of use in the process that made it, and harmless elsewhere. */
export function publish(library: TensorflowLibrary, session: Session, owner: object): string {
  const block = new Block(loadLibc().calloc(1, blockBytes));
  block.finish(unclaimed, session);
  forgotten.register(owner, { library, block });
  return `${block.address} ${thisProcess(library)}`;
}

/** What was compiled and never loaded goes with the compiled function. */
const forgotten = new FinalizationRegistry<{ library: TensorflowLibrary; block: Block }>(
  ({ library, block }) => {
    if (!block.change(unclaimed, busy)) return;
    deleteSession(library, block.session);
    block.finish(none);
  },
);

/** `published` is what `publish` returned, in whatever process. */
export async function leaseSession(
  library: TensorflowLibrary,
  published: string | undefined,
  create: () => Session,
): Promise<SessionLease> {
  const [address = '', ...place] = published?.split(' ') ?? [];
  if (place.join(' ') !== thisProcess(library)) return ownSession(library, create());
  const block = new Block(BigInt(address));
  const giveUp = performance.now() + patienceMs;
  for (;;) {
    const { state } = block;
    if (state === none) {
      if (!block.change(none, busy)) continue;
      makeSession(block, create);
      break;
    }
    if (state === busy) {
      if (performance.now() > giveUp) return ownSession(library, create());
      await setTimeout(1);
    } else if (block.change(state, state === unclaimed ? 1 : state + 1)) break;
  }
  return { session: block.session, release: once(() => releaseShared(library, block)) };
}

function makeSession(block: Block, create: () => Session): void {
  try {
    block.finish(1, create());
  } catch (error) {
    block.finish(none);
    throw error;
  }
}

function releaseShared(library: TensorflowLibrary, block: Block): void {
  for (;;) {
    const { state } = block;
    if (state > 1) {
      if (block.change(state, state - 1)) return;
    } else if (block.change(1, busy)) {
      deleteSession(library, block.session);
      block.finish(none);
      return;
    }
  }
}

const ownSession = (library: TensorflowLibrary, session: Session): SessionLease => ({
  session,
  release: once(() => deleteSession(library, session)),
});

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    action();
  };
}

/** One check for each kind of message; the types keep them in step with the interfaces. */
import {
  count,
  flag,
  list,
  invalid,
  number,
  object,
  oneOf,
  optional,
  plainObject,
  record,
  text,
} from './check.ts';
import type { Check } from './check.ts';
import type { RunEvent, WorkerProfile } from './events.ts';
import type { ChannelMessage, Message } from './messages.ts';

const profile = object<WorkerProfile>({
  worker: count,
  engine: text,
  slots: count,
  gatherSec: number,
  computeSec: number,
  waitSec: number,
  updateSec: number,
});

type EventChecks = {
  readonly [K in RunEvent['event']]: Check<Extract<RunEvent, { event: K }>>;
};

const eventChecks: EventChecks = {
  start: object({
    event: oneOf('start'),
    model: text,
    engine: text,
    xla: optional(flag),
    engineVersions: optional(record(text)),
    engineReason: optional(text),
    channel: text,
    workers: count,
    parameters: count,
    examples: count,
    dataKind: optional(text),
    dataNotes: optional(list(text)),
    streamed: optional(object({ windows: count, windowExamples: count, blockExamples: count })),
    validationExamples: optional(count),
    testExamples: count,
    batchSize: count,
    microBatch: count,
    slots: count,
    stepsPerEpoch: count,
    step: count,
    totalSteps: count,
    out: text,
  }),
  step: object({
    event: oneOf('step'),
    step: count,
    epoch: number,
    loss: number,
    metrics: record(number),
    learningRate: number,
    examplesPerSec: optional(number),
  }),
  epoch: object({
    event: oneOf('epoch'),
    epoch: number,
    step: count,
    trainLoss: number,
    trainMetrics: record(number),
    part: optional(oneOf('validation')),
    testLoss: number,
    testMetrics: record(number),
    examplesPerSec: optional(number),
  }),
  artifact: object({
    event: oneOf('artifact'),
    kind: oneOf('checkpoint', 'best', 'samples', 'reconstructions'),
    path: text,
  }),
  interrupted: object({
    event: oneOf('interrupted'),
    step: count,
    checkpoint: text,
    out: text,
  }),
  profile: object({ event: oneOf('profile'), steps: count, workers: list(profile) }),
  error: object({
    event: oneOf('error'),
    code: text,
    message: text,
    where: optional(text),
    expected: optional(text),
    got: optional(text),
    fix: optional(text),
    worker: optional(text),
    stack: optional(text),
  }),
  done: object({
    event: oneOf('done'),
    steps: count,
    examples: count,
    epochs: number,
    stoppedEarly: optional(object({ patience: count, minDelta: number })),
    trainLoss: number,
    part: optional(oneOf('validation')),
    testLoss: number,
    testRecon: optional(number),
    testKl: optional(number),
    best: optional(object({ epoch: number, testLoss: number, checkpoint: text })),
    examplesPerSec: optional(number),
    workers: count,
    weightsSha256: text,
    out: text,
  }),
};

type ChannelMessageChecks = {
  readonly [K in ChannelMessage['message']]: Check<Extract<ChannelMessage, { message: K }>>;
};

const channelMessageChecks: ChannelMessageChecks = {
  task: object({
    message: oneOf('task'),
    kind: oneOf('compute', 'evaluate'),
    round: count,
    phase: count,
    slot: count,
  }),
  result: object({ message: oneOf('result'), slot: count, sums: list(number) }),
  stop: object({ message: oneOf('stop') }),
};

export function checkMessage(value: unknown): Message {
  const { event, message } = plainObject(value, 'message');
  if (isKeyOf(eventChecks, event)) return eventChecks[event](value, event);
  if (isKeyOf(channelMessageChecks, message)) return channelMessageChecks[message](value, message);
  throw invalid('message', 'an event, a task, a result or a stop', event ?? message);
}

function isKeyOf<T extends object>(checks: T, key: unknown): key is keyof T & string {
  return typeof key === 'string' && Object.hasOwn(checks, key);
}

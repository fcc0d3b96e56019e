/** What the server answers, as OpenAPI 3.1 says it. */
import type { JsonSchema, ModelService, ServiceFunction, ServiceUse } from '@lockstep/trainer';

const SUMMARIES: Readonly<Record<ServiceUse, string>> = {
  encode: 'Latents of examples',
  decode: 'Examples from latents',
  reconstruct: "The model's idea of examples",
  score: 'How unlikely examples are: the negative ELBO in nats',
};

const ERRORS: Readonly<Record<string, string>> = {
  400: 'The body is no JSON, or not in UTF-8',
  408: 'The request took too long to arrive',
  413: 'The body is too large',
  415: 'The body is not said to be JSON, or is compressed',
  422: 'An input is not what the model takes, or has no finite answer',
  500: 'The model failed',
  503: 'Too many requests at once, or the server is closing; see Retry-After',
};

const text = { type: 'string' } as const;
const count = { type: 'integer', minimum: 0 } as const;
/** One that has all of these. */
const object = (properties: JsonSchema): JsonSchema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
});

const HEALTH = object({
  status: { const: 'ok' },
  active: { ...count, description: 'requests that are being read and answered' },
});
const CLOSING = object({ status: { const: 'closing' } });

const schemas = { type: 'object', additionalProperties: { type: 'object' } };
const MODEL = object({
  name: text,
  checkpoint: { ...text, description: 'path of the checkpoint' },
  step: { ...count, description: 'of training' },
  kind: { ...text, description: 'of the data: image, table, text, ratings, array or audio' },
  shape: { type: 'array', items: count, description: 'of an example, in the model' },
  functions: {
    type: 'array',
    items: {
      type: 'object',
      properties: {
        use: text,
        path: text,
        input: { type: 'object', description: 'JSON Schema of an input' },
        outputs: { ...schemas, description: 'JSON Schema of each output, by name' },
        classes: { ...count, description: 'how many labels there are, where labels are wanted' },
      },
      required: ['use', 'path', 'input', 'outputs'],
    },
  },
  limits: object({
    maxBodyBytes: { ...count, description: 'of a request' },
    concurrency: { ...count, description: 'requests at once' },
  }),
});

export function openApi(service: Pick<ModelService, 'model' | 'functions'>): JsonSchema {
  const { model, functions } = service;
  const paths: Record<string, unknown> = {
    '/health': {
      get: {
        summary: 'Whether the server takes requests',
        responses: {
          200: { description: 'It does', content: json(HEALTH) },
          503: { description: 'It is closing', content: json(CLOSING) },
        },
      },
    },
    '/model': {
      get: {
        summary: 'What is served',
        responses: { 200: { description: 'The model and its functions', content: json(MODEL) } },
      },
    },
  };
  for (const fn of functions) paths[`/${fn.use}`] = { post: operation(fn) };
  return {
    openapi: '3.1.0',
    info: {
      title: `Lockstep: model ${model.name}`,
      version: String(model.step),
      description: `Checkpoint of step ${model.step}, trained on data of kind ${model.kind}.`,
    },
    paths,
    components: { schemas: { Error: errorSchema } },
  };
}

function operation({ use, input, outputs, classes }: ServiceFunction): JsonSchema {
  const labels = {
    type: 'array',
    items: { type: 'integer', minimum: 0, maximum: (classes ?? 0) - 1 },
  };
  const request = {
    type: 'object',
    properties: {
      inputs: { type: 'array', minItems: 1, maxItems: 1024, items: input.schema },
      ...(classes !== undefined && { labels }),
    },
    required: classes === undefined ? ['inputs'] : ['inputs', 'labels'],
    additionalProperties: false,
  };
  const answer = { type: 'object', properties: outputs, required: Object.keys(outputs) };
  const answers = {
    type: 'object',
    properties: { outputs: { type: 'array', items: answer } },
    required: ['outputs'],
  };
  const errors = Object.entries(ERRORS).map(([status, description]) => [
    status,
    { description, content: json({ $ref: '#/components/schemas/Error' }) },
  ]);
  return {
    operationId: use,
    summary: SUMMARIES[use],
    requestBody: { required: true, content: json(request, exampleRequest({ input, classes })) },
    responses: {
      200: { description: 'An output for each input, in their order', content: json(answers) },
      ...(Object.fromEntries(errors) as JsonSchema),
    },
  };
}

/** A request that the model answers. */
export function exampleRequest({
  input,
  classes,
}: {
  readonly input: ServiceFunction['input'];
  readonly classes: number | undefined;
}): JsonSchema {
  return { inputs: [input.example], ...(classes !== undefined && { labels: [0] }) };
}

const json = (schema: JsonSchema, example?: unknown) => ({
  'application/json': { schema, ...(example !== undefined && { example }) },
});

const errorSchema = {
  type: 'object',
  properties: {
    error: {
      type: 'object',
      properties: { code: text, where: text, expected: text, got: text, fix: text },
      required: ['code', 'where', 'expected', 'got', 'fix'],
    },
  },
  required: ['error'],
} as const;

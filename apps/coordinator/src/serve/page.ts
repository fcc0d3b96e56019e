/** The page at `/`: what can be asked, and how. It loads nothing, from here or elsewhere. */
import { html } from 'hono/html';
import type { ModelService } from '@lockstep/trainer';
import { exampleRequest, openApi } from './openApi.ts';

export function page(service: ModelService, origin: string) {
  const { model, functions } = service;
  const { paths } = openApi(service) as {
    paths: Record<string, { post?: { summary: string; requestBody: unknown; responses: unknown } }>;
  };
  const routes = functions.map((fn) => {
    const { summary = '', requestBody, responses = {} } = paths[`/${fn.use}`]?.post ?? {};
    const { 200: good, ...errors } = responses as Record<string, { description: string }>;
    const example = JSON.stringify(exampleRequest({ input: fn.input, classes: fn.classes }));
    return html`
      <h2><code>POST /${fn.use}</code></h2>
      <p>${summary}.</p>
      <pre>
curl ${origin}/${fn.use} -H 'Content-Type: application/json' -d '${shortened(example)}'</pre>
      <details>
        <summary>Request and answer, as JSON Schema</summary>
        <pre>
${JSON.stringify({ request: schemaOf(requestBody), answer: schemaOf(good) }, null, 2)}</pre>
      </details>
      <details>
        <summary>Errors</summary>
        <table>
          ${Object.entries(errors).map(
            ([status, { description }]) =>
              html`<tr>
                <td><code>${status}</code></td>
                <td>${description}</td>
              </tr>`,
          )}
        </table>
      </details>
    `;
  });
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>Lockstep: model ${model.name}</title>
        <style>
          body {
            font:
              16px/1.5 system-ui,
              sans-serif;
            max-width: 50rem;
            margin: 2rem auto;
            padding: 0 1rem;
          }
          pre {
            background: #f4f4f4;
            padding: 0.75rem;
            overflow: auto;
            max-height: 24rem;
            white-space: pre-wrap;
            overflow-wrap: anywhere;
          }
          td {
            padding: 0 1rem 0 0;
          }
        </style>
      </head>
      <body>
        <h1>Model ${model.name}</h1>
        <p>
          Step ${model.step} of <code>${model.checkpoint}</code>. An example is of kind
          ${model.kind}, shape <code>[${model.shape.join(', ')}]</code>.
        </p>
        <p>
          <a href="/openapi.json">openapi.json</a> · <a href="/model">model</a> ·
          <a href="/health">health</a>
        </p>
        ${routes}
      </body>
    </html>`;
}

/** Of `{ content: { 'application/json': { schema } } }`. */
function schemaOf(part: unknown): unknown {
  const { content } = part as { content?: Record<string, { schema: unknown }> };
  return content?.['application/json']?.schema;
}

const MOST = 400;

function shortened(example: string): string {
  return example.length <= MOST ? example : `${example.slice(0, MOST)} ...`;
}

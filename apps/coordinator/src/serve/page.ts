/** The page at `/`: what can be asked, and how. It loads nothing, from here or elsewhere. */
import { html } from 'hono/html';
import type { ModelService } from '@lockstep/trainer';
import { exampleRequest, openApi } from './openApi.ts';

export function page(service: Pick<ModelService, 'model' | 'functions'>, origin: string) {
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
      ${curl(`${origin}/${fn.use}`, fn.use, example)}
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

/** Most characters of an example that stands in its command. */
const MOST = 400;

/** A command as it can be pasted; a long example is a file beside it, which the page itself holds. */
function curl(url: string, use: string, example: string) {
  const command = `curl ${url} -H 'Content-Type: application/json' -d`;
  // A quote ends what the shell takes as it is, so it stands outside.
  if (example.length <= MOST)
    return html`<pre>${`${command} '${example.replaceAll("'", "'\\''")}'`}</pre>`;
  const file = `${use}.json`;
  const data = `data:application/json,${encodeURIComponent(example)}`;
  return html`<p>Save <a download="${file}" href="${data}">${file}</a>, an example, then:</p>
    <pre>${`${command} @${file}`}</pre>`;
}

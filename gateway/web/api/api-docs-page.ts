import type { OpenApi, Operation } from './openapi-document.ts';
import { problems } from './problems.ts';

/** The interface as one page without scripts, made of the very OpenAPI document programs read. */
export function apiDocsPage(document: OpenApi): string {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => sectionOf(path, method, operation)),
  );
  const catalogue = Object.entries(problems).map(
    ([code, { status, title }]) => `<tr><td><code>${code}</code><td>${status}<td>${escaped(title)}`,
  );
  const { title, version } = document.info;
  return `<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}: interface</title>
<style>body{font:1rem/1.5 system-ui;max-width:52rem;margin:2rem auto;padding:0 1rem}
code{background:#8882;padding:.1em .3em}td{padding:.1rem .8rem .1rem 0;vertical-align:top}
pre{background:#8882;padding:.6rem;overflow:auto;max-height:24rem}summary{cursor:pointer}</style>
<h1>${escaped(title)}, interface version ${escaped(version)}</h1>
<p>For programs: <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1).</p>
${operations.join('\n')}
<h2>Errors</h2><p>Every error is <code>application/problem+json</code> (RFC 9457).</p>
<table>${catalogue.join('\n')}</table></html>`;
}

function sectionOf(path: string, method: string, operation: Operation): string {
  const rows = (operation.parameters ?? []).map(
    ({ name, in: place, required, description }) =>
      `<tr><td><code>${escaped(name)}</code><td>${place}${required ? ', required' : ''}<td>${escaped(description ?? '')}`,
  );
  return `<h2><code>${method.toUpperCase()} ${escaped(path)}</code></h2>
<p>${escaped([operation.summary, operation.description].filter(Boolean).join('. '))}</p>
<table>${rows.join('')}</table>
${examplesOf(operation).join('\n')}`;
}

/** What is sent and what is answered, folded away. */
function examplesOf({ requestBody, responses = {} }: Operation): string[] {
  const [status = '', answer] = Object.entries(responses).find(([code]) => code.startsWith('2')) ?? [];
  const contents = { Send: requestBody?.content, [`Answer ${status}`]: answer?.content };
  return Object.entries(contents).flatMap(([name, content]) =>
    Object.entries(content ?? {}).map(([type, { example }]) => {
      const text = typeof example === 'string' ? example : JSON.stringify(example, null, 2);
      return `<details><summary>${name}: ${escaped(type)}</summary><pre>${escaped(text)}</pre></details>`;
    }),
  );
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

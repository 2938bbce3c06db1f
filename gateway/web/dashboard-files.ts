import { readdirSync, readFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';

const folder = join(import.meta.dirname, 'dashboard');
const uplotFolder = join(dirname(createRequire(import.meta.url).resolve('uplot')), '..', 'dist');

/** Every file of the page: nothing else is served. Scripts lose their types once, at start. */
const files = [
  { path: '/', file: join(folder, 'index.html'), type: 'text/html; charset=utf-8' },
  { path: '/dashboard/style.css', file: join(folder, 'style.css'), type: 'text/css; charset=utf-8' },
  { path: '/dashboard/mark.svg', file: join(folder, 'mark.svg'), type: 'image/svg+xml' },
  { path: '/assets/uplot.css', file: join(uplotFolder, 'uPlot.min.css'), type: 'text/css; charset=utf-8' },
  {
    path: '/assets/uplot.js',
    file: join(uplotFolder, 'uPlot.esm.js'),
    type: 'text/javascript; charset=utf-8',
  },
] as const;
const scripts = readdirSync(folder).filter((name) => name.endsWith('.ts'));

/** Bare names mean nothing to a browser. */
const browserPaths = { uplot: '/assets/uplot.js' } as const;

/** Own files only, no frames, nothing from elsewhere: the page works without the internet. */
const headers = {
  'content-security-policy': "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
};

/** Adds the page at `/`. */
export async function addDashboard(app: FastifyInstance): Promise<void> {
  for (const { path, file, type } of files) add(app, path, { type, body: readFileSync(file) });
  for (const script of scripts) {
    const source = readFileSync(join(folder, script), 'utf8');
    const body = Buffer.from(withoutTypes(source).replace("from 'uplot'", `from '${browserPaths.uplot}'`));
    add(app, `/dashboard/${script}`, { type: 'text/javascript; charset=utf-8', body });
  }
}

/** Node calls the function experimental and says so on stderr at each start; operators need not know. */
export function withoutTypes(source: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}

function add(app: FastifyInstance, path: string, content: { type: string; body: Buffer }): void {
  app.get(path, { schema: { hide: true } }, (_request, reply) =>
    reply.headers(headers).type(content.type).send(content.body),
  );
}

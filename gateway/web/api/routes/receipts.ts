import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { SiteId } from '../../../contract/http-api.ts';
import { ImportError } from '../../../ingest/imports/csv-records.ts';
import { importReceipts } from '../../../ingest/imports/receipt-series.ts';
import type { AccessParts } from '../app.ts';
import { Problem } from '../problems.ts';

const closed = { additionalProperties: false } as const;
const SiteParams = Type.Object({ id: SiteId }, closed);
const Imported = Type.Object(
  { receipts: Type.Integer({ minimum: 0 }), hours: Type.Integer({ minimum: 0 }) },
  closed,
);
/** A year of receipts, one by one, of a busy shop. */
const uploadBytesMax = 32 * 2 ** 20;

/** `POST /v1/sites/:id/receipts`: a CSV file, whole or not at all; a fault is named by its line. */
export function addReceiptRoute(app: FastifyInstance, { store, reader, access, now }: AccessParts): void {
  app.addContentTypeParser(
    'text/csv',
    { parseAs: 'buffer', bodyLimit: uploadBytesMax },
    (_request, body, done) => done(null, body),
  );
  app.post<{ Params: Static<typeof SiteParams> }>(
    '/v1/sites/:id/receipts',
    {
      bodyLimit: uploadBytesMax,
      schema: {
        tags: ['records'],
        summary: 'Upload receipts as CSV, by hour or one by one',
        description: 'The formats are those of `import receipts`; docs/measures.md describes them.',
        params: SiteParams,
        response: { 200: Imported },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { plan } = await reader.directory();
      const site = plan.sites.find((candidate) => candidate.id === id);
      if (!site) throw new Problem('not-found', `There is no site "${id}".`);
      if (!Buffer.isBuffer(request.body)) throw new Problem('invalid-request', 'Send the file as text/csv.');
      const source = { site: id, timeZone: site.timeZone, chunks: once(request.body), atMs: now() };
      try {
        const imported = await importReceipts(store, source);
        const { actor } = access.sightOf(request).principal;
        await store.appendAudit({ atMs: now(), actor, action: 'receipts-imported', subject: id });
        return imported;
      } catch (cause) {
        if (cause instanceof ImportError) throw new Problem('file-refused', cause.message, { cause });
        throw cause;
      }
    },
  );
}

async function* once(body: Buffer): AsyncGenerator<Uint8Array> {
  yield body;
}

import { createHash } from 'node:crypto';
import { constants } from 'node:zlib';
import compress from '@fastify/compress';
import type { FastifyInstance } from 'fastify';

/** Below this a packet is a packet. */
const compressFromBytes = 1_024;
/** Brotli's default of 11 takes longer for a year of hours than the query. */
const brotliQuality = 4;

/**
 * A request id with every answer, a validator with every answer that is a text, 304 where the caller
 * has it already, and compression. Answers are for one caller, so no shared cache may keep them.
 */
export async function addCaching(app: FastifyInstance): Promise<void> {
  app.addHook('onSend', async (request, reply, payload) => {
    reply.header('x-request-id', request.id);
    if (request.method !== 'GET' || reply.statusCode !== 200 || !isText(payload)) return payload;
    // Weak: the same answer may be sent compressed or not.
    const tag = `W/"${createHash('sha1').update(payload).digest('base64url')}"`;
    reply.header('etag', tag);
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'private, no-cache');
    const known = request.headers['if-none-match']?.split(',').map((part) => part.trim());
    if (!known?.includes(tag)) return payload;
    reply.status(304).removeHeader('content-length').removeHeader('content-type');
    return '';
  });
  await app.register(compress, {
    threshold: compressFromBytes,
    encodings: ['br', 'gzip'],
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: brotliQuality } },
  });
}

function isText(payload: unknown): payload is string | Buffer {
  return (typeof payload === 'string' && payload.length > 0) || Buffer.isBuffer(payload);
}

import type { FastifyRequest } from 'fastify';

/** Whether nobody on the way can read the request: TLS, or it never left this machine (a proxy on it, a test). */
export function isSecure(request: FastifyRequest): boolean {
  if (request.protocol === 'https') return true;
  const address = request.socket.remoteAddress ?? '';
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}

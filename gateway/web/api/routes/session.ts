import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { SessionInfo } from '../../../contract/records-api.ts';
import { type Access, sessionCookie } from '../../access/access.ts';
import { Problem } from '../problems.ts';

const Login = Type.Object(
  {
    user: Type.String({ minLength: 1, maxLength: 63 }),
    password: Type.String({ minLength: 1, maxLength: 200 }),
  },
  { additionalProperties: false },
);

const cookieRules = 'HttpOnly; SameSite=Strict; Path=/';

/** `POST`, `GET` and `DELETE /v1/session`: log in, who am I, log out. */
export function addSessionRoutes(app: FastifyInstance, access: Access): void {
  app.post<{ Body: { user: string; password: string } }>(
    '/v1/session',
    { schema: { tags: ['access'], summary: 'Log in', body: Login, response: { 200: SessionInfo } } },
    async (request, reply) => {
      const { user, password } = request.body;
      const opened = await access.login(user, password);
      if (opened === null) throw new Problem('unauthenticated', 'Name or password is wrong.');
      const secure = request.protocol === 'https' ? '; Secure' : '';
      reply.header('set-cookie', `${sessionCookie}=${opened.token}; ${cookieRules}${secure}`);
      return { name: user, role: opened.role, csrf: opened.csrf };
    },
  );
  app.get(
    '/v1/session',
    { schema: { tags: ['access'], summary: 'Who am I', response: { 200: SessionInfo } } },
    async (request) => {
      const sight = await access.admit(request);
      if (sight === null) throw new Problem('unauthenticated', 'Send a key or log in.');
      const { name, role, csrf } = sight.principal;
      return { name, role, csrf };
    },
  );
  app.delete('/v1/session', { schema: { tags: ['access'], summary: 'Log out' } }, async (request, reply) => {
    await access.logout(request);
    reply.header('set-cookie', `${sessionCookie}=; Max-Age=0; ${cookieRules}`);
    return reply.status(204).send();
  });
}

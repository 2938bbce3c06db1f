import { Type } from 'typebox';

const closed = { additionalProperties: false } as const;

export const Tls = Type.Boolean({
  default: false,
  description: 'Speaks TLS only, with the certificate below. Needed wherever others share the network.',
});
const FilePath = (description: string) => Type.Optional(Type.String({ minLength: 1, description }));

export const CertificateConfig = Type.Object(
  {
    certificateFile: FilePath('PEM, with the chain; read again when it has been renewed.'),
    keyFile: FilePath('PEM; renew with the same key (certbot: --reuse-key), devices pin it.'),
    names: Type.Array(Type.String({ pattern: '^[A-Za-z0-9.:-]{1,253}$' }), {
      default: [],
      maxItems: 50,
      description: 'Names and addresses that a self-made certificate is for, beside this machine’s own.',
    }),
  },
  { ...closed, default: {}, description: 'Without files one is made in the data directory and renewed.' },
);

export const EnrolmentConfig = Type.Object(
  {
    url: Type.Optional(
      Type.String({
        pattern: '^https?://[^/#?]+$',
        description: 'Where counters reach this gateway, as https://counts.example:8443; stands in codes.',
      }),
    ),
    brokerUrl: Type.Optional(
      Type.String({
        pattern: '^mqtts?://[^/#?]+$',
        description: 'Where counters reach the broker; by default the same host, on the broker’s port.',
      }),
    ),
    pin: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9_-]{43}$',
        description: 'Fingerprint of the key that answers there, where that is not ours (a proxy).',
      }),
    ),
  },
  { ...closed, default: {}, description: 'What enrolment codes and answers name.' },
);

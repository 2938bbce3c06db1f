import { type Static, Type } from 'typebox';
import { Epoch, Sequence, StoreId } from './names.ts';

export const receiptVersion = 1;

/**
 * Why the gateway will never store a sequence. `repeated`: the very interval is stored under another
 * key, because a card was copied and put back.
 */
export const refusalReasons = [
  'invalid',
  'oversized',
  'unknown-device',
  'unknown-version',
  'sequence-reused',
  'repeated',
  'gone',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

const noncePattern = '^[0-9a-f]{8}$';

export const Receipt = Type.Object(
  {
    version: Type.Literal(receiptVersion),
    store: StoreId,
    epoch: Epoch,
    through: Type.Integer({
      minimum: 0,
      description: 'Every sequence up to and including this one is stored, refused or declared gone.',
    }),
    beyond: Type.Array(Type.Tuple([Sequence, Sequence]), {
      // A receipt has to stay small; ranges above this many are left out and simply sent again.
      maxItems: 512,
      description: 'Stored ranges above a gap, first and last sequence, ascending.',
    }),
    refused: Type.Array(
      Type.Object(
        { from: Sequence, to: Sequence, reason: Type.Enum([...refusalReasons]) },
        { additionalProperties: false },
      ),
      { maxItems: 512, description: 'Sequences that will never be stored, with the reason.' },
    ),
    heard: Type.Optional(
      Type.Integer({
        minimum: 0,
        description:
          'The newest sequence that came or was announced: a device that is not so far is an older copy.',
      }),
    ),
    answers: Type.Optional(
      Type.String({
        pattern: noncePattern,
        description: 'The nonce of the resume request that this receipt answers directly.',
      }),
    ),
  },
  { additionalProperties: false, description: 'What a gateway has committed of one epoch; retained.' },
);
export type Receipt = Static<typeof Receipt>;

export const Resume = Type.Object(
  {
    version: Type.Literal(receiptVersion),
    epoch: Epoch,
    nonce: Type.String({
      pattern: noncePattern,
      description: 'Named again as `answers` in the direct answer: only that one may rewind the device.',
    }),
  },
  { additionalProperties: false, description: 'A device asks for the receipt of its epoch.' },
);
export type Resume = Static<typeof Resume>;

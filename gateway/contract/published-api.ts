import { type Static, type TSchema, Type } from 'typebox';
import { LineId } from './http-api.ts';
import { UtcTime } from './names.ts';
import { epsilons } from './protection.ts';

const closed = { additionalProperties: false } as const;
const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Whole = (description: string) => Type.Integer({ minimum: 0, description });

/** The finest that is published; finer cells do not exist for anybody but the owner. */
export const publishedResolutions = ['15m', '1h', '1d', '1w', '1mo'] as const;

const Sum = Nullable(
  Type.Integer({ description: 'Sum of sealed cells. May be negative; null where none has a number.' }),
);
const SumError = Nullable(
  Type.Number({ minimum: 0, description: 'Standard error: the noise of every draw, and counting.' }),
);

const sums = {
  coverage: Type.Number({
    minimum: 0,
    maximum: 1,
    description: 'Share of the time that was looked at when cells were sealed, each in tenths.',
  }),
  in: Sum,
  out: Sum,
  standardErrorIn: SumError,
  standardErrorOut: SumError,
  draws: Whole('Draws of noise in each number: sealed cells that were looked at.'),
  open: Whole('Cells that are not sealed (yet) or withheld; whoever crossed then is missing here.'),
  late: Type.Optional(
    Type.Boolean({ description: 'Told the owner only: data came after sealing and are not in the number.' }),
  ),
};

export const PublishedCounts = Type.Object(
  {
    line: LineId,
    kind: Type.Literal('crossing'),
    simulated: Type.Boolean(),
    value: Type.Literal('published', { description: 'Sealed cells with noise: never exact.' }),
    timeZone: Type.String(),
    resolution: Type.Enum([...publishedResolutions]),
    from: UtcTime,
    to: UtcTime,
    asOf: Nullable(UtcTime),
    protection: Type.Object(
      {
        epsilon: Type.Enum([...epsilons]),
        cellMinutes: Type.Enum([15, 60]),
        quietFrom: Type.String(),
        quietUntil: Type.String(),
      },
      { ...closed, description: 'How cells are sealed now; older cells may have been sealed otherwise.' },
    ),
    cells: Type.Array(
      Type.Object({ start: UtcTime, seconds: Type.Integer({ minimum: 1 }), ...sums }, closed),
    ),
    total: Type.Object(sums, closed),
  },
  {
    ...closed,
    description: 'Published numbers. A night of quiet hours is one cell and belongs where it begins.',
  },
);
export type PublishedCounts = Static<typeof PublishedCounts>;

/** What sealing has spent of a line, period by period. */
export const EpsilonLedger = Type.Object(
  {
    line: LineId,
    timeZone: Type.String(),
    resolution: Type.Enum(['1d', '1w', '1mo']),
    periods: Type.Array(
      Type.Object(
        {
          start: UtcTime,
          seconds: Type.Integer({ minimum: 1 }),
          sealedCells: Whole('Cells sealed with a number; each took a draw for in and a draw for out.'),
          epsilonPerCrossing: Type.Number({
            minimum: 0,
            description:
              'Spent on any one crossing: it lies in one cell and one direction. 0: nothing sealed.',
          }),
          epsilonSum: Type.Number({
            minimum: 0,
            description: 'Spent on somebody who crossed once in every cell, the worst case of a regular.',
          }),
        },
        closed,
      ),
    ),
  },
  closed,
);
export type EpsilonLedger = Static<typeof EpsilonLedger>;

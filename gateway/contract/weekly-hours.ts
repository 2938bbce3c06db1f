import { Type } from 'typebox';

const closed = { additionalProperties: false } as const;

const OpeningSpans = Type.Array(
  Type.Object(
    {
      from: Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', examples: ['09:00'] }),
      to: Type.String({ pattern: '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$', examples: ['18:30'] }),
    },
    closed,
  ),
  { maxItems: 6 },
);

/** When a place is open, on its local clock: the fields that opening hours consist of, wherever they stand. */
export const weeklyHours = {
  weekdays: Type.Record(Type.String({ pattern: '^[1-7]$' }), OpeningSpans, {
    ...closed,
    description: 'By weekday, 1 Monday to 7 Sunday; a weekday that is not there is closed.',
  }),
  exceptions: Type.Record(Type.String({ pattern: '^20[2-9][0-9]-[01][0-9]-[0-3][0-9]$' }), OpeningSpans, {
    ...closed,
    description: 'By local date; wins over weekdays and public holidays, an empty list is closed.',
  }),
  closedOnPublicHolidays: Type.Boolean(),
};

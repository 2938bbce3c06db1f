import { type Static, Type } from 'typebox';
import Value from 'typebox/value';
import { passageKindNames, passageKinds } from '../passage-tap.ts';
import type { TapEvent } from '../tap-book.ts';

const closed = { additionalProperties: false } as const;
const Id = Type.String({ minLength: 1, maxLength: 64 });
/** Milliseconds since 1970 by the telephone's own clock, which may be wrong: only differences are used. */
const PhoneMs = Type.Number({ minimum: 0 });
/** A telephone that was out of reach for a whole walk test. */
const eventsMax = 2000;
/** Older taps belong to another test: a telephone's queue outlives its page. */
const ageSecondsMax = 6 * 3600;

const PhoneEvent = Type.Union([
  Type.Object(
    {
      type: Type.Literal('tap'),
      id: Id,
      atMs: PhoneMs,
      direction: Type.Union([Type.Enum(['in', 'out']), Type.Null()]),
      kind: Type.Enum([...passageKindNames]),
    },
    closed,
  ),
  Type.Object({ type: Type.Literal('kind'), id: Id, of: Id, kind: Type.Enum([...passageKindNames]) }, closed),
  Type.Object({ type: Type.Literal('undo'), id: Id, of: Id }, closed),
]);

const TapRequest = Type.Object(
  {
    sentAtMs: PhoneMs,
    roundTripMs: Type.Number({
      minimum: 0,
      maximum: 60_000,
      description: 'Of the request before; 0 at first.',
    }),
    events: Type.Array(PhoneEvent, { maxItems: eventsMax }),
  },
  closed,
);

/**
 * Events of a telephone on the sensor's time line: how long ago each was by the telephone's clock when
 * it sent them, and half a round trip for the way. Null where the request is none of ours.
 */
export function tapEventsOf(body: unknown, receivedAtSeconds: number): TapEvent[] | null {
  if (!Value.Check(TapRequest, body)) return null;
  const { sentAtMs, roundTripMs, events } = body as Static<typeof TapRequest>;
  return events.flatMap((event): TapEvent[] => {
    if (event.type !== 'tap') return [event];
    const ageSeconds = (sentAtMs - event.atMs) / 1000;
    if (ageSeconds < 0 || ageSeconds > ageSecondsMax) return [];
    const { id, kind, direction } = event;
    // Who crosses has a direction, and who does not has none.
    if (passageKinds[kind].people > 0 !== (direction !== null)) return [];
    return [
      { type: 'tap', id, kind, direction, atSeconds: receivedAtSeconds - ageSeconds - roundTripMs / 2000 },
    ];
  });
}

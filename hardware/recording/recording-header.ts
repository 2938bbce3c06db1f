import { type Static, Type } from 'typebox';
import Value from 'typebox/value';
import { SensorError, zonesMax } from '../sensor.ts';

/** The version of the recording format that this program writes and reads. */
export const recordingVersion = 1;

const RecordingZone = Type.Object(
  {
    id: Type.Integer({ minimum: 0, maximum: zonesMax - 1 }),
    side: Type.Enum(['outside', 'inside']),
    lane: Type.Optional(Type.Integer({ minimum: 0, maximum: zonesMax - 1 })),
  },
  { additionalProperties: false },
);

/** First line of an NDJSON recording. Fields it does not know are left alone. */
export const RecordingHeader = Type.Object({
  format: Type.Literal('passant-recording'),
  version: Type.Literal(recordingVersion),
  sensor: Type.Enum(['vl53l1x', 'tf-luna', 'tfmini-s', 'ultrasonic', 'pir']),
  startedAt: Type.String({
    pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?Z$',
    description: 'UTC time of t = 0.',
  }),
  zones: Type.Array(RecordingZone, { minItems: 1, maxItems: zonesMax }),
  mountingHeightMm: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 12_000 })),
  geometry: Type.Optional(Type.Enum(['ceiling', 'side'])),
  profile: Type.Optional(Type.String({ description: 'Name of a scene or of a site profile; for people.' })),
  simulated: Type.Optional(Type.Boolean({ description: 'True where readings are computed, not measured.' })),
});
export type RecordingHeader = Static<typeof RecordingHeader>;

/**
 * Parses and checks the first line of a recording.
 * Throws `SensorError` `recording-invalid` naming file, line 1 and cause.
 */
export function parseRecordingHeader(line: string, file: string): RecordingHeader {
  const value = parsedObject(line, file);
  if (value['format'] !== 'passant-recording') {
    throw invalid(file, `not a recording: "format" is ${show(value['format'])}, not "passant-recording"`);
  }
  if (value['version'] !== recordingVersion) {
    throw invalid(file, `version ${show(value['version'])} is not readable here, only ${recordingVersion}`);
  }
  const [fault] = Value.Errors(RecordingHeader, value);
  if (fault !== undefined) {
    throw invalid(file, `header${fault.instancePath.replaceAll('/', '.')} ${fault.message}`);
  }
  const header = value as RecordingHeader;
  if (Number.isNaN(Date.parse(header.startedAt))) {
    throw invalid(file, `header.startedAt ${show(header.startedAt)} is not a date`);
  }
  const ids = new Set(header.zones.map((zone) => zone.id));
  if (ids.size !== header.zones.length) throw invalid(file, 'header.zones names a zone id twice');
  return header;
}

function parsedObject(line: string, file: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw invalid(file, `the header is not JSON (${(cause as Error).message})`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(file, 'the header is not a JSON object');
  }
  return value as Record<string, unknown>;
}

function invalid(file: string, cause: string): SensorError {
  return new SensorError('recording-invalid', `${file}: line 1: ${cause}`);
}

/** A value as it stood in the file, cut to a length that fits into one line of an error. */
function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

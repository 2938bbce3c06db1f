import type { Intake } from '../../ingest/intake.ts';
import type { IntakeCounters } from '../../ingest/intake-counters.ts';
import type { MessageLink } from '../../ingest/message-link.ts';

interface MetricsSource {
  readonly counters: IntakeCounters;
  readonly intake: Intake;
  readonly link: MessageLink;
}

/** The intake's numbers in the Prometheus text format 0.0.4. */
export function metricsText({ counters, intake, link }: MetricsSource): string {
  const paused = intake.state.state === 'paused' ? 1 : 0;
  const lines = [
    ...single('passant_batches_total', 'counter', 'Batches committed.', counters.batches),
    ...single('passant_intervals_stored_total', 'counter', 'Intervals stored.', counters.intervalsStored),
    ...single('passant_intervals_duplicate_total', 'counter', 'Known already.', counters.intervalsDuplicate),
    ...single(
      'passant_intervals_overlapping_total',
      'counter',
      'Stored, sharing their time with others of the sensor.',
      counters.intervalsOverlapping,
    ),
    ...single(
      'passant_receipts_published_total',
      'counter',
      'Receipts published.',
      counters.receiptsPublished,
    ),
    ...single(
      'passant_receipts_failed_total',
      'counter',
      'Not taken by the broker.',
      counters.receiptsFailed,
    ),
    ...single('passant_resumes_answered_total', 'counter', 'Resume requests.', counters.resumesAnswered),
    ...single('passant_messages_dropped_total', 'counter', 'Without receipt.', counters.messagesDropped),
    ...single('passant_storage_faults_total', 'counter', 'Failed writes.', counters.storageFaults),
    ...single('passant_intake_paused', 'gauge', '1 while the storage refuses.', paused),
    ...single('passant_broker_connected', 'gauge', '1 while the broker is there.', link.connected ? 1 : 0),
    ...heading('passant_messages_refused_total', 'counter', 'Poison messages by reason.'),
    ...Object.entries(counters.poison).map(
      ([reason, number]) => `passant_messages_refused_total{reason="${reason}"} ${number}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function single(name: string, type: string, help: string, value: number): string[] {
  return [...heading(name, type, help), `${name} ${value}`];
}

function heading(name: string, type: string, help: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

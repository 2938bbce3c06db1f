import type { ReceiptsMonth } from '../../../ingest/imports/receipt-series.ts';
import type { RecordStore } from '../../../store/record-store.ts';
import type { Span } from '../../../values/local-time.ts';

/** Receipts of a site by the start of their hour; hours that no upload has spoken of are not in it. */
export async function receiptsByHour(
  records: RecordStore,
  { site, range }: { site: string; range: Span },
): Promise<ReadonlyMap<number, number>> {
  const found = new Map<number, number>();
  for (const { body } of await records.readRecords('receipts-month')) {
    const month = body as ReceiptsMonth;
    if (month.site !== site) continue;
    for (const { start, receipts } of month.hours) {
      const startMs = Date.parse(start);
      if (startMs >= range.fromMs && startMs < range.toMs) found.set(startMs, receipts);
    }
  }
  return found;
}

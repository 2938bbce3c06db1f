import type { LineFindings } from '../../contract/measures.ts';
import { type LineReport, lineReport } from '../../reports/month-report.ts';
import type { GatewayStore } from '../../store/gateway-store.ts';
import { localPeriod, type Span, startOfDate } from '../../values/local-time.ts';
import type { CountsReader } from './counts-reader.ts';
import { isoTime } from './iso-time.ts';
import { lineOfPlan } from './line-source.ts';
import { FindingsReader } from './measures/findings-reader.ts';
import type { PeopleSource } from './measures/people-source.ts';

/** More is not read. */
const findingsMax = 8;

/** Reads what a report says of a line, from whatever the caller may have. */
export class ReportReader {
  readonly #reader: CountsReader;
  readonly #findings: FindingsReader;

  constructor(store: GatewayStore, reader: CountsReader) {
    this.#reader = reader;
    this.#findings = new FindingsReader(store, reader);
  }

  /** One line in a month, as 2026-03. Throws a `Problem` for a line that is not for the caller. */
  async line(lineId: string, month: string, source: PeopleSource): Promise<LineReport> {
    const { plan } = await this.#reader.directory();
    const { line, site } = lineOfPlan(plan, lineId);
    const { timeZone } = site;
    const range = localPeriod(startOfDate(`${month}-01`, timeZone), '1mo', timeZone);
    const before = localPeriod(range.fromMs - 1, '1mo', timeZone);
    const now = await source.series(lineId, range, '1h');
    const earlier = await source.series(lineId, before, '1h');
    const { id, name, role, simulated } = line;
    return lineReport({
      id,
      name: name === '' ? id : name,
      siteName: site.name === '' ? site.id : site.name,
      role,
      simulated,
      value: (await source.valueOf(lineId)) ?? 'published',
      hours: now.cells,
      hoursBefore: earlier.cells,
      errors: { ...earlier.errors, ...now.errors },
      findings: (await this.#found(lineId, range, source)).findings
        .slice(0, findingsMax)
        .map(({ text }) => text),
      range,
      before,
      timeZone,
    });
  }

  async #found(line: string, range: Span, source: PeopleSource): Promise<LineFindings> {
    return this.#findings.findings(line, { from: isoTime(range.fromMs), to: isoTime(range.toMs) }, source);
  }
}

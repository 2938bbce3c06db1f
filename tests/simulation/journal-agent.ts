import { openSync, readFileSync, writeSync } from 'node:fs';
import { pino } from 'pino';
import { parseAgentConfig } from '../../edge-agent/config.ts';
import type { ClosedInterval } from '../../edge-agent/interval/closed-interval.ts';
import { openAgent } from '../../edge-agent/open-agent.ts';
import { openSqliteOutbox } from '../../edge-agent/outbox/open-sqlite-outbox.ts';
import { PassingOutbox } from './passing-outbox.ts';

/**
 * The agent with a journal beside it: before the outbox takes intervals, a line says under which keys.
 * The last line of a key is the truth: where the process died before the commit, the next run says
 * the key again. Usage: node journal-agent.ts CONFIG JOURNAL
 */
class JournalingOutbox extends PassingOutbox {
  override append(intervals: readonly ClosedInterval[], bootId: string): 'stored' | 'full' {
    const { epoch, lastSequence } = this.inner.state;
    for (const [at, interval] of intervals.entries()) {
      say({ kind: 'closed', epoch, sequence: lastSequence + 1 + at, interval });
    }
    return this.inner.append(intervals, bootId);
  }
}

const [configFile = '', journalFile = ''] = process.argv.slice(2);
const journal = openSync(journalFile, 'a');

function say(line: object): void {
  writeSync(journal, `${JSON.stringify(line)}\n`);
}

const config = parseAgentConfig(JSON.parse(readFileSync(configFile, 'utf8')), configFile);
const agent = await openAgent({
  config,
  logger: pino({ level: 'silent' }),
  openOutbox: (options, knownDamaged) => {
    const opened = openSqliteOutbox(options, knownDamaged);
    return { ...opened, outbox: new JournalingOutbox(opened.outbox) };
  },
});
say({ kind: 'looks', atSeconds: Number(process.hrtime.bigint()) / 1e9 });
process.once('SIGTERM', () => {
  agent.close().then(() => process.exit(0));
});

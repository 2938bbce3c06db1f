import type { Logger } from 'pino';
import type { KeeperEvent } from './interval-keeper.ts';
import type { UplinkEvent } from './uplink/uplink.ts';

/** What the uplink tells, in the log. */
export function logUplink(event: UplinkEvent, logger: Logger): void {
  switch (event.kind) {
    case 'up':
      logger.info({ protocol: event.protocol }, 'connected to the broker');
      break;
    case 'fallback':
      logger.info({ protocol: event.protocol, reason: event.reason }, 'the broker asks for another protocol');
      break;
    case 'down':
      if (event.untrusted)
        logger.error({ reason: event.reason }, 'the broker is not trusted; counting goes on');
      else logger.warn({ reason: event.reason }, 'not connected to the broker');
      break;
    case 'receipt': {
      const { store, epoch, through } = event.receipt;
      const level = event.outcome === 'taken' ? 'debug' : 'warn';
      logger[level]({ outcome: event.outcome, store, epoch, through }, 'receipt');
      break;
    }
    case 'receipt-unreadable':
      logger.error({ reason: event.reason }, 'a receipt that this version cannot read');
      break;
    case 'outbox-fault':
      logger.error({ code: event.error.code }, event.error.message);
      break;
    case 'message':
      logger.info({ leaf: event.leaf, bytes: event.payload.byteLength }, 'message');
      break;
    default:
      event satisfies never;
  }
}

/** What becomes of the outbox, in the log. */
export function logKeeper(event: KeeperEvent, logger: Logger): void {
  switch (event.kind) {
    case 'outbox-opened':
      logger.info({ epoch: event.epoch, reason: event.reason }, 'outbox');
      break;
    case 'outbox-damaged':
      logger.error(
        { setAside: event.file, savedIntervals: event.savedIntervals },
        'the outbox was damaged; counting goes on in a new one',
      );
      break;
    case 'outbox-failing':
      logger.error({ code: event.error.code }, event.error.message);
      break;
    case 'outbox-full':
      logger.error('the outbox is full: what closes now is not kept');
      break;
    case 'outbox-well':
      logger.info('the outbox takes intervals again');
      break;
    case 'open-minutes-failing':
      logger.warn({ err: event.error }, 'the open minute cannot be written down');
      break;
    default:
      event satisfies never;
  }
}

import type { Clock } from '../../hardware/clock.ts';

/**
 * Time as the agent sees it. Durations come from `nowSeconds`; the calendar is believed only as far
 * as `CalendarKeeper` trusts it. Everything in the agent that waits or asks the time takes this port.
 *
 * - `nowSeconds`: monotonic seconds since boot, the time line of live sensors.
 * - `wallSeconds`: seconds since 1970 as the machine believes, right or wrong.
 * - `synchronized`: whether the operating system vouches for the wall clock now; never rejects.
 */
export interface AgentClock extends Clock {
  /** The same within one boot of the machine, another after it. */
  readonly bootId: string;
  wallSeconds(): number;
  synchronized(): Promise<boolean>;
}

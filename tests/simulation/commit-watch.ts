import type { Receipt } from '../../gateway/contract/receipt.ts';
import { dispositionOf, type EpochAccount } from '../../gateway/store/account.ts';
import type { Violation } from './ledger.ts';

/**
 * Watches that a receipt says only what is committed: whatever was said under a store's id, the store
 * of that id still knows after the gateway has died.
 */
export class CommitWatch {
  readonly #said = new Map<string, number>();

  said(payload: string): void {
    const { store, epoch, through } = JSON.parse(payload) as Receipt;
    const key = `${store}/${epoch}`;
    this.#said.set(key, Math.max(through, this.#said.get(key) ?? 0));
  }

  /** What was said and is not so, one line each. */
  compare(store: string, accounts: readonly EpochAccount[]): Violation[] {
    return [...this.#said]
      .filter(([key]) => key.startsWith(`${store}/`))
      .flatMap(([key, through]) => {
        const epoch = key.slice(store.length + 1);
        const account = accounts.find((each) => each.epoch === epoch);
        const missing = through > 0 && dispositionOf(account?.ranges ?? [], through) === null;
        return missing ? [`${epoch}/${through} had its receipt before it was committed`] : [];
      });
  }
}

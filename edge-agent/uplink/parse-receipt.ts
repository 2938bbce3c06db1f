import Value from 'typebox/value';
import { Receipt, receiptVersion } from '../../gateway/contract/receipt.ts';

/** The receipt in a payload, or why it is none. Versions of the future are left alone. */
export function parseReceipt(payload: Uint8Array): Receipt | string {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return 'not JSON';
  }
  const version = (value as { version?: unknown } | null)?.version;
  if (version !== receiptVersion) return `version ${JSON.stringify(version)}`;
  const [fault] = Value.Errors(Receipt, value);
  return fault === undefined ? (value as Receipt) : `${fault.instancePath || '/'} ${fault.message}`;
}

import { renderUnicodeCompact } from 'uqr';

/** A QR code out of half blocks, dark on light: most terminals are dark, and telephones want it so. */
export function qrCode(content: string): string {
  return renderUnicodeCompact(content, { border: 2 });
}

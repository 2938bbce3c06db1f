import { doorSign } from './door-sign.ts';
import { impactAssessment } from './impact-assessment.ts';
import type { Paper, PaperLanguage } from './paper.ts';
import type { PaperFacts } from './paper-facts.ts';
import { paperHtml } from './paper-html.ts';
import { paperPdf } from './paper-pdf.ts';
import { pdfFile } from './pdf-file.ts';
import { privacyNotice } from './privacy-notice.ts';
import { recordOfProcessing } from './record-of-processing.ts';
import { signHtml } from './sign-html.ts';
import { type SignSize, signPdf } from './sign-pdf.ts';

/** Papers by their name in addresses and files. */
export const paperNames = ['notice', 'record', 'impact-assessment', 'sign-a4', 'sign-a6'] as const;
export type PaperName = (typeof paperNames)[number];

const texts: Readonly<Partial<Record<PaperName, (facts: PaperFacts, language: PaperLanguage) => Paper>>> = {
  notice: privacyNotice,
  record: recordOfProcessing,
  'impact-assessment': impactAssessment,
};

export function paperAsHtml(name: PaperName, facts: PaperFacts, language: PaperLanguage): string {
  const text = texts[name];
  return text ? paperHtml(text(facts, language)) : signHtml(doorSign(facts, language), sizeOf(name));
}

export async function paperAsPdf(
  name: PaperName,
  facts: PaperFacts,
  language: PaperLanguage,
): Promise<Buffer> {
  const text = texts[name];
  return pdfFile(text ? paperPdf(text(facts, language)) : signPdf(doorSign(facts, language), sizeOf(name)));
}

function sizeOf(name: PaperName): SignSize {
  return name === 'sign-a4' ? 'a4' : 'a6';
}

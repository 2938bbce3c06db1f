import type { Paper, PaperBlock, PaperField } from './paper.ts';

/** As in the PDF: what the operator must fill in is yellow, what is not certain is red. */
const style = `
@page{size:A4;margin:20mm 18mm}
body{font:11pt/1.5 system-ui,sans-serif;color:#1b1d22;background:#fff;max-width:46rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;line-height:1.25;margin:0}h2{font-size:1.1rem;margin:1.8rem 0 .4rem}
.subtitle{color:#5b606b;margin:.2rem 0 1.4rem}p,ul,table{margin:.4rem 0}ul{padding-left:1.2rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.35rem .6rem .35rem 0;border-bottom:1px solid #e2e0d9}
th{font-weight:600}.scroll{overflow-x:auto}.checks{list-style:none;padding:0}.checks li::before{content:"☐  "}
.gap{background:#fff3b0;border:1px dashed #8a6d00;padding:.1rem .4rem;color:#5c4900}
.warning{border:2px solid #b42318;color:#b42318;padding:.6rem .8rem;font-weight:600}
footer{margin-top:2.5rem;padding-top:.6rem;border-top:1px solid #e2e0d9;color:#5b606b;font-size:.85rem}`;

/** Written before what the operator must fill in, for eyes that do not see yellow. */
const toFillIn = { de: 'Bitte ausfüllen: ', en: 'Please fill in: ' } as const;

/** A paper as one page that loads nothing and prints cleanly. */
export function paperHtml(paper: Paper): string {
  const { language, title, subtitle, blocks, footer } = paper;
  return `<!doctype html>
<html lang="${language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(`${title}: ${subtitle}`)}</title><style>${style}</style>
<main><h1>${escapeHtml(title)}</h1><p class="subtitle">${escapeHtml(subtitle)}</p>
${blocks.map((block) => htmlOf(block, paper)).join('\n')}
</main><footer>${escapeHtml(footer)}</footer></html>
`;
}

function htmlOf(block: PaperBlock, paper: Paper): string {
  switch (block.kind) {
    case 'heading':
      return `<h2>${escapeHtml(block.text)}</h2>`;
    case 'text':
      return `<p>${escapeHtml(block.text)}</p>`;
    case 'warning':
      return `<p class="warning" role="note">${escapeHtml(block.text)}</p>`;
    case 'list':
      return `<ul>${items(block.items)}</ul>`;
    case 'checks':
      return `<ul class="checks">${items(block.items)}</ul>`;
    case 'fields':
      return `<table>${block.fields.map((field) => fieldRow(field, paper)).join('')}</table>`;
    case 'table':
      return `<div class="scroll"><table><tr>${cells(block.head, 'th')}</tr>${block.rows
        .map((row) => `<tr>${cells(row, 'td')}</tr>`)
        .join('')}</table></div>`;
  }
  return block satisfies never;
}

function items(texts: readonly string[]): string {
  return texts.map((text) => `<li>${escapeHtml(text)}</li>`).join('');
}

function cells(texts: readonly string[], tag: 'th' | 'td'): string {
  return texts.map((text) => `<${tag}>${escapeHtml(text)}</${tag}>`).join('');
}

function fieldRow({ label, value, hint }: PaperField, { language }: Paper): string {
  const shown =
    value === null ? `<span class="gap">${toFillIn[language]}${escapeHtml(hint)}</span>` : escapeHtml(value);
  return `<tr><th scope="row">${escapeHtml(label)}</th><td>${shown}</td></tr>`;
}

/** Text as HTML shows it, also within an attribute in double quotes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

import type { ReportBlock, ReportDocument } from './report-block.ts';

const style = `
  :root { color-scheme: light; }
  body { margin: 0; background: #eef0f3; color: #16181d; font: 15px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
  main { max-width: 820px; margin: 24px auto; background: #fff; padding: 44px 52px; box-shadow: 0 1px 6px #0002; }
  header { border-bottom: 3px solid #0b57d0; padding-bottom: 14px; margin-bottom: 22px; }
  h1 { font-size: 28px; margin: 0; } header p { margin: 2px 0 0; color: #4a4f58; }
  h2 { font-size: 18px; margin: 30px 0 8px; color: #0b3d91; }
  section { break-inside: auto; }
  dl { display: grid; grid-template-columns: 210px 1fr; gap: 5px 16px; margin: 8px 0; }
  dt { color: #4a4f58; } dd { margin: 0; overflow-wrap: anywhere; }
  table { border-collapse: collapse; width: 100%; margin: 10px 0; font-size: 14px; }
  th { text-align: left; background: #eef3fc; font-weight: 600; } th, td { padding: 6px 8px; border-bottom: 1px solid #d8dce2; }
  td:not(:first-child), th:not(:first-child) { text-align: right; font-variant-numeric: tabular-nums; }
  td:last-child { white-space: nowrap; }
  .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 14px 0; }
  .figures div { background: #eef3fc; border-radius: 8px; padding: 12px 14px; } .figures b { display: block; font-size: 24px; }
  .figures span { font-size: 13px; color: #4a4f58; }
  figure { margin: 14px 0; } figure svg { max-width: 430px; width: 100%; height: auto; } figure img { max-width: 100%; max-height: 420px; }
  figcaption { font-size: 13px; color: #4a4f58; }
  .notice { border-left: 5px solid #1b7f3b; background: #eef8f1; padding: 9px 14px; margin: 10px 0; }
  .notice.warning { border-color: #b45309; background: #fff6e8; }
  .mono { font: 13px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; background: #f4f5f7; padding: 9px 12px; }
  .signatures { display: grid; grid-template-columns: 1fr 1fr; gap: 40px; margin: 60px 0 8px; }
  .signatures span { border-top: 1px solid #16181d; padding-top: 5px; font-size: 13px; color: #4a4f58; }
  footer { margin-top: 34px; font-size: 12px; color: #4a4f58; border-top: 1px solid #d8dce2; padding-top: 8px; }
  @media print { body { background: #fff; } main { box-shadow: none; margin: 0; padding: 0; max-width: none; } figure, table, .figures { break-inside: avoid; } h2 { break-after: avoid; } }
  @media (max-width: 600px) { main { padding: 20px; } dl { grid-template-columns: 1fr; gap: 0; } dt { margin-top: 8px; } }
`;

/** The report as one HTML file that needs nothing from anywhere. */
export function reportHtml(document: ReportDocument): string {
  const sections = document.sections.map(
    (blocks) => `<section>${blocks.map(blockHtml).join('\n')}</section>`,
  );
  return `<!doctype html>
<html lang="${document.language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${escaped(document.title)} – ${escaped(document.subtitle)}</title><style>${style}</style></head>
<body><main>
<header><h1>${escaped(document.title)}</h1><p>${escaped(document.subtitle)}</p></header>
${sections.join('\n')}
<footer>${escaped(document.footer)}</footer>
</main></body></html>
`;
}

function blockHtml(block: ReportBlock): string {
  switch (block.kind) {
    case 'heading':
      return `<h2>${escaped(block.text)}</h2>`;
    case 'text':
      return `<p>${escaped(block.text)}</p>`;
    case 'mono':
      return `<p class="mono">${escaped(block.text)}</p>`;
    case 'notice':
      return `<p class="notice ${block.tone}">${escaped(block.text)}</p>`;
    case 'figures':
      return `<div class="figures">${block.figures
        .map(({ value, label }) => `<div><b>${escaped(value)}</b><span>${escaped(label)}</span></div>`)
        .join('')}</div>`;
    case 'fields':
      return `<dl>${block.fields
        .map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`)
        .join('')}</dl>`;
    case 'table':
      return `<table><thead><tr>${cells('th', block.head)}</tr></thead><tbody>${block.rows
        .map((row) => `<tr>${cells('td', row)}</tr>`)
        .join('')}</tbody></table>`;
    case 'drawing':
      return `<figure class="${block.kind}">${block.svg}<figcaption>${escaped(block.caption)}</figcaption></figure>`;
    case 'photo':
      return `<figure><img src="${block.dataUrl}" alt="${escaped(block.caption)}"><figcaption>${escaped(block.caption)}</figcaption></figure>`;
    case 'signatures':
      return `<div class="signatures">${block.names.map((name) => `<span>${escaped(name)}</span>`).join('')}</div>`;
  }
  return block satisfies never;
}

const cells = (tag: 'td' | 'th', row: readonly string[]): string =>
  row.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('');

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character]!);

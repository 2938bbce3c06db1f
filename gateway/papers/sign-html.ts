import type { DoorSign, SignElement } from './door-sign.ts';
import { escapeHtml } from './paper-html.ts';
import { qrSvg, signIcon } from './sign-drawings.ts';
import type { SignSize } from './sign-pdf.ts';

/** Everything is measured in shares of the page's width, so that both sizes look the same. */
const pages = {
  a4: { name: 'A4', width: '210mm', height: '297mm' },
  a6: { name: 'A6', width: '105mm', height: '148mm' },
} as const;

function styleOf(size: SignSize): string {
  const { name, width, height } = pages[size];
  return `@page{size:${name};margin:0}*{box-sizing:border-box}body{margin:0;background:#fff;color:#1b1d22;font-family:system-ui,sans-serif}
main{--u:calc(${width} / 100);width:${width};min-height:${height};padding:calc(7 * var(--u));font-size:calc(2.45 * var(--u));line-height:1.25}
header{display:flex;gap:calc(3 * var(--u));border-bottom:2px solid;padding-bottom:calc(2.5 * var(--u))}header>div:first-child{flex:1}
h1{font-size:calc(7.4 * var(--u));line-height:1.02;margin:0}.subtitle{font-size:calc(3.4 * var(--u));margin:.3em 0}.place{color:#5b606b;margin:0}
.code{width:calc(23 * var(--u));text-align:center;font-weight:600}.code svg{width:100%;height:auto;display:block}
dl{margin:calc(1.5 * var(--u)) 0}dl>div{display:grid;grid-template-columns:calc(8 * var(--u)) 1fr;column-gap:calc(2.5 * var(--u));padding:calc(.9 * var(--u)) 0}
dl svg{grid-row:span 2;width:100%;height:auto}dt{color:#5b606b;font-weight:600;font-size:.85em}dd{margin:0}
.gap{background:#fff3b0;color:#5c4900}.warning{color:#b42318;font-weight:600}footer{color:#5b606b;font-size:.65em}`;
}

/** The sign for the door as one page that loads nothing and prints in its size. */
export function signHtml(sign: DoorSign, size: SignSize): string {
  const { language, title, subtitle, place, elements, url, scan, urlHint, warning, footer } = sign;
  const code =
    url === null
      ? `<p class="gap">${escapeHtml(urlHint)}</p>`
      : `<a href="${escapeHtml(url)}" aria-label="${escapeHtml(scan)}">${qrSvg(url)}</a>${escapeHtml(scan)}`;
  return `<!doctype html>
<html lang="${language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(`${title}: ${place}`)}</title><style>${styleOf(size)}</style>
<main><header><div><h1>${escapeHtml(title)}</h1><p class="subtitle">${escapeHtml(subtitle)}</p>
<p class="place">${escapeHtml(place)}</p></div><div class="code">${code}</div></header>
${warning === null ? '' : `<p class="warning" role="note">${escapeHtml(warning)}</p>`}
<dl>${elements.map((element) => rowOf(element, language)).join('\n')}</dl>
<footer>${escapeHtml(footer)}</footer></main></html>
`;
}

function rowOf({ category, label, text, hint }: SignElement, language: DoorSign['language']): string {
  const missing = { de: 'Bitte ausfüllen: ', en: 'Please fill in: ' }[language];
  const shown = text === null ? `<span class="gap">${missing}${escapeHtml(hint)}</span>` : escapeHtml(text);
  const icon = signIcon(category).replace('<svg ', '<svg aria-hidden="true" ');
  return `<div>${icon}<dt>${escapeHtml(label)}</dt><dd>${shown}</dd></div>`;
}

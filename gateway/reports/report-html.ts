import { localMoment } from '../papers/fact-sentences.ts';
import { escapeHtml } from '../papers/paper-html.ts';
import type { LineReport, MonthReport } from './month-report.ts';
import { dayChart, weekChart } from './report-charts.ts';
import {
  dayText,
  keyFigures,
  monthText,
  numberText,
  rangeText,
  reportTables,
  shareText,
} from './report-texts.ts';

const style = `
@page{size:A4;margin:16mm}body{font:11pt/1.45 system-ui,sans-serif;color:#1b1d22;background:#fff;max-width:48rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.9rem;margin:0}.month{color:#5b606b;font-size:1.15rem;margin:0 0 1.5rem}h2{font-size:1.3rem;margin:2.2rem 0 .2rem}h3{font-size:1rem;margin:1.4rem 0 .2rem}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(8rem,1fr));gap:.8rem;margin:1rem 0}.figures div{border-top:3px solid #1d4ed8;padding-top:.4rem}
.figures b{display:block;font-size:1.6rem;line-height:1.1}.figures span,.note,footer{color:#5b606b;font-size:.85rem}svg{width:100%;height:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}th,td{text-align:right;padding:.25rem .5rem;border-bottom:1px solid #e2e0d9}
th:first-child,td:first-child,.names td:nth-child(2),.names th:nth-child(2){text-align:left}.flag{background:#fdecd2;color:#7a3e00;padding:.4rem .6rem}
.scroll{overflow-x:auto}section{break-before:page}section:first-of-type{break-before:auto}footer{border-top:1px solid #e2e0d9;margin-top:2rem;padding-top:.5rem}`;

/** A month's report as one page that loads nothing and prints cleanly. */
export function reportHtml(report: MonthReport): string {
  const { language, title, lines, generatedMs, timeZone, software } = report;
  const table = reportTables[language];
  const heading = `${table.title}: ${title}`;
  return `<!doctype html>
<html lang="${language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(`${heading}, ${monthText(report)}`)}</title><style>${style}</style>
<main><h1>${escapeHtml(title)}</h1><p class="month">${table.title} ${escapeHtml(monthText(report))}</p>
${lines.length > 1 ? overview(report) : ''}${lines.map((line) => section(line, report)).join('\n')}
<p class="note">${table.about}</p></main>
<footer>${escapeHtml(table.footer(localMoment(generatedMs, timeZone, language), software))}</footer></html>
`;
}

function overview({ lines, language }: MonthReport): string {
  const { overview: title, overviewHead, findings, noFindings } = reportTables[language];
  const rows = overviewRows(lines, language).map(
    (row) => `<tr>${row.map((text) => `<td>${escapeHtml(text)}</td>`).join('')}</tr>`,
  );
  const head = overviewHead.map((text) => `<th>${text}</th>`).join('');
  const found = foremostFindings(lines, language).map((text) => `<li>${escapeHtml(text)}</li>`);
  const foremost = found.length === 0 ? `<p>${noFindings}</p>` : `<ul>${found.join('')}</ul>`;
  return `<h2>${title}</h2><div class="scroll"><table class="names"><tr>${head}</tr>${rows.join('')}</table></div>
<h3>${findings}</h3>${foremost}`;
}

/** What stands out in a town: the foremost finding of each line, which comes first in its list. */
export function foremostFindings(lines: readonly LineReport[], language: MonthReport['language']): string[] {
  return lines.flatMap(({ siteName, name, findings }) =>
    findings.slice(0, 1).map((finding) => `${siteName}, ${name}: ${finding[language]}`),
  );
}

/** One row a line: place, line, number, interval, coverage, month before. */
export function overviewRows(lines: readonly LineReport[], language: MonthReport['language']): string[][] {
  return lines.map(({ siteName, name, total, coverage, before }) => [
    siteName,
    name,
    total === null ? '–' : numberText(total.value, language),
    total === null ? '–' : rangeText(total, language),
    shareText(coverage, language),
    before.total === null ? '–' : numberText(before.total.value, language),
  ]);
}

/** One row a day: day, number, interval, coverage. */
export function dayRows({ days }: LineReport, language: MonthReport['language']): string[][] {
  return days.map((day) => [
    dayText(day, language),
    day.people === null ? '–' : numberText(day.people.value, language),
    day.people === null ? reportTables[language].notSeen : rangeText(day.people, language),
    shareText(day.coverage, language),
  ]);
}

function section(line: LineReport, { language, lines }: MonthReport): string {
  const table = reportTables[language];
  const figures = keyFigures(line, language).map(
    ({ value, label, note }) =>
      `<div><b>${escapeHtml(value)}</b>${escapeHtml(label)}<br><span>${escapeHtml(note)}</span></div>`,
  );
  const found = line.findings.map((finding) => `<li>${escapeHtml(finding[language])}</li>`).join('');
  const days = dayRows(line, language).map(
    (row) => `<tr>${row.map((text) => `<td>${escapeHtml(text)}</td>`).join('')}</tr>`,
  );
  const name = lines.length > 1 ? `<h2>${escapeHtml(`${line.siteName}: ${line.name}`)}</h2>` : '';
  return `<section>${name}${flags(line, language)}
<div class="figures">${figures.join('')}</div>
<h3>${table.findings}</h3>${found === '' ? `<p>${table.noFindings}</p>` : `<ul>${found}</ul>`}
<h3>${table.days}</h3>${dayChart(line, language)}<p class="note">${table.daysNote}</p>
<h3>${table.week}</h3>${weekChart(line, language)}<p class="note">${table.weekNote}</p>
<h3>${table.table}</h3><table><tr>${table.tableHead.map((text) => `<th>${text}</th>`).join('')}</tr>${days.join('')}</table></section>`;
}

function flags(line: LineReport, language: MonthReport['language']): string {
  const { simulated, published } = reportTables[language];
  const told = [...(line.simulated ? [simulated] : []), ...(line.value === 'published' ? [published] : [])];
  return told.map((text) => `<p class="flag">${text}</p>`).join('');
}

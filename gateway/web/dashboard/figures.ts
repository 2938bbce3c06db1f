import type { LineCounts, LiveLine } from '../../contract/http-api.ts';
import { element } from './element.ts';
import type { Speech } from './speech.ts';

/** The totals of a line that counts people. */
export type CrossingTotals = Pick<LiveLine, 'in' | 'out' | 'standardErrorIn' | 'standardErrorOut'>;

/** The totals of a range, by the kind of the line. */
export function figuresOf(counts: LineCounts, withPresent: boolean, speech: Speech): HTMLElement[] {
  const { texts, formats } = speech;
  switch (counts.kind) {
    case 'crossing':
      return crossingFigures(counts.total, withPresent, speech);
    case 'motion':
      return [
        figure(texts.activations, formats.whole(counts.total.activations), ''),
        figure(texts.activeTime, formats.minutes(counts.total.activeSeconds), ''),
      ];
    case 'presence': {
      const { indicator, standardError, frames } = counts.total;
      return [
        figure(texts.indicatorMean, formats.tenth(indicator), formats.error(standardError)),
        figure(texts.frames, formats.whole(frames), ''),
      ];
    }
  }
}

/** In, out and, where that means anything, how many are still there; below zero is shown as it is, for it tells of an error. */
export function crossingFigures(
  totals: CrossingTotals,
  withPresent: boolean,
  { texts, formats }: Speech,
): HTMLElement[] {
  const { standardErrorIn: errorIn, standardErrorOut: errorOut } = totals;
  const present = totals.in === null || totals.out === null ? null : totals.in - totals.out;
  const presentError = errorIn === null || errorOut === null ? null : Math.hypot(errorIn, errorOut);
  const inAndOut = [
    figure(texts.in, formats.whole(totals.in), formats.error(errorIn), 'in'),
    figure(texts.out, formats.whole(totals.out), formats.error(errorOut), 'out'),
  ];
  if (!withPresent) return inAndOut;
  return [
    ...inAndOut,
    figure(texts.present, formats.whole(present), formats.error(presentError), 'present', texts.presentHint),
  ];
}

/** One number with its name and, where it has one, its error. */
function figure(
  ...[label, value, error, name, hint]: [string, string, string, string?, string?]
): HTMLElement {
  return element(
    'div',
    { class: 'figure', 'data-figure': name },
    element('dt', hint === undefined ? {} : { title: hint }, label),
    element(
      'dd',
      {},
      element('span', { class: 'number' }, value),
      error === '' ? null : element('span', { class: 'error' }, error),
    ),
  );
}

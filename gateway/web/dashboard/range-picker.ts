import type { Site } from '../../contract/http-api.ts';
import { element } from './element.ts';
import { type ShownRange, spans, stepped, todayAt } from './shown-range.ts';
import type { Speech } from './speech.ts';

export interface RangePickerParts {
  readonly speech: Speech;
  /** The first one's day is the one that is now. */
  readonly sites: readonly Site[];
  readonly range: ShownRange;
  readonly compared: boolean;
  chosen(range: ShownRange): void;
  compare(compared: boolean): void;
}

const spanTexts = { hours: 'spanHours', day: 'spanDay', week: 'spanWeek', month: 'spanMonth' } as const;

/** Chooses what is shown: how much, when, and whether the week before stands beside it. All of it by keyboard. */
export function rangePicker(parts: RangePickerParts): HTMLElement[] {
  const { speech, sites, range, compared } = parts;
  const { texts } = speech;
  const today = sites[0] === undefined ? null : todayAt(sites[0]);
  if (today === null) return [];
  const spanButtons = spans.map((span) => {
    const pressed = String(span === range.span);
    const button = element(
      'button',
      { type: 'button', 'data-span': span, 'aria-pressed': pressed },
      texts[spanTexts[span]],
    );
    button.addEventListener('click', () =>
      parts.chosen({ span, date: span === 'hours' ? null : range.date }),
    );
    return button;
  });
  const compare = element(
    'button',
    { type: 'button', class: 'toggle', 'data-compare': 'week', 'aria-pressed': String(compared) },
    texts.compare,
  );
  compare.addEventListener('click', () => parts.compare(!compared));
  return [
    element('div', { class: 'switch', role: 'group', 'aria-label': texts.spanLabel }, ...spanButtons),
    ...(range.span === 'hours' ? [] : [dateStepper(parts, today)]),
    ...(range.span === 'month' ? [] : [compare]),
  ];
}

function dateStepper(parts: RangePickerParts, today: string): HTMLElement {
  const { range, speech } = parts;
  const { texts } = speech;
  const arrow = (steps: 1 | -1) => {
    const target = stepped(range, steps, today);
    const [label, sign] = steps === 1 ? [texts.later, '›'] : [texts.earlier, '‹'];
    const name = steps === 1 ? 'later' : 'earlier';
    const button = element(
      'button',
      { type: 'button', 'data-step': name, 'aria-label': label, disabled: target === null },
      sign,
    );
    button.addEventListener('click', () => target && parts.chosen(target));
    return button;
  };
  const date = element('input', {
    type: 'date',
    'aria-label': texts.date,
    max: today,
    value: range.date ?? today,
  });
  date.addEventListener('change', () => {
    const { value } = date;
    if (value !== '' && value <= today) {
      parts.chosen({ span: range.span, date: value === today ? null : value });
    }
  });
  const now = element(
    'button',
    { type: 'button', 'data-step': 'today', disabled: range.date === null },
    texts.today,
  );
  now.addEventListener('click', () => parts.chosen({ span: range.span, date: null }));
  return element('div', { class: 'switch stepper' }, arrow(-1), date, arrow(1), now);
}

import { element } from './element.ts';

/** What stands on a page that has no site to show. */
export function notice(title: string, text: string): HTMLElement {
  return element(
    'section',
    { class: 'empty' },
    element('img', { src: '/dashboard/mark.svg', alt: '', width: '56', height: '56' }),
    element('h2', {}, title),
    element('p', {}, text),
  );
}

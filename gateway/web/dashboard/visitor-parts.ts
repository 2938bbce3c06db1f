import { element } from './element.ts';
import type { Visitor } from './gateway-client.ts';
import type { Speech } from './speech.ts';

/** Who has logged in, and the way out. */
export function visitorParts({ name }: Visitor, { texts }: Speech, leave: () => void): HTMLElement[] {
  const button = element('button', { type: 'button', class: 'toggle', 'data-leave': '' }, texts.logOut);
  button.addEventListener('click', leave);
  return [element('span', {}, name), button];
}

/** Replaces what is in a place and puts the focus back on what has taken the place of the focused element. */
export function renewed(place: Element, children: readonly HTMLElement[]): void {
  const controls = () => [...place.querySelectorAll<HTMLElement>('button, input')];
  const nameOf = ({ dataset, tagName }: HTMLElement) => tagName + JSON.stringify({ ...dataset });
  const focused = controls().find((control) => control === document.activeElement);
  place.replaceChildren(...children);
  if (focused === undefined) return;
  controls()
    .find((control) => nameOf(control) === nameOf(focused))
    ?.focus();
}

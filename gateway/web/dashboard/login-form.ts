import { element } from './element.ts';
import { logIn } from './gateway-client.ts';
import type { Speech } from './speech.ts';

/** Asks who is there; `done` is called once the gateway has opened a session. */
export function loginForm({ texts }: Speech, done: () => void): HTMLElement {
  const user = element('input', { id: 'user', name: 'user', autocomplete: 'username', required: true });
  const password = element('input', {
    id: 'password',
    name: 'password',
    type: 'password',
    autocomplete: 'current-password',
    required: true,
  });
  const fault = element('p', { class: 'fault', role: 'alert' });
  const button = element('button', { type: 'submit', class: 'primary' }, texts.logIn);
  const form = element(
    'form',
    { class: 'login card' },
    element('h2', {}, texts.logInTitle),
    element('p', { class: 'note' }, texts.logInText),
    element('label', { for: 'user' }, texts.user),
    user,
    element('label', { for: 'password' }, texts.password),
    password,
    fault,
    button,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    button.disabled = true;
    fault.textContent = '';
    logIn(user.value.trim(), password.value)
      .then((outcome) => {
        if (outcome === 'open') return done();
        fault.textContent = outcome === 'wrong' ? texts.wrongPassword : texts.tooMany;
        password.select();
      })
      .catch(() => {
        fault.textContent = texts.offline;
      })
      .finally(() => {
        button.disabled = false;
      });
  });
  return form;
}

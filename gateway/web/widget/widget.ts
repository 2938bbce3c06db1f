/**
 * Embeds how busy a line typically is: `<script src="…/widget.js" data-line="ID" data-language="de" async>`.
 * It asks the gateway it came from and nobody else, keeps nothing, and sets no cookie.
 */
(() => {
  interface Hours {
    name: string;
    timeZone: string;
    enough: boolean;
    levels: (number | null)[][];
  }
  const script = document.currentScript as HTMLScriptElement;
  const line = script.dataset['line'] ?? '';
  const language = script.dataset['language'] === 'en' ? 'en' : 'de';
  const words = {
    de: {
      title: 'Wann ist wie viel los?',
      days: ['Mo', 'Di', 'Mi', 'Do', 'Fr', 'Sa', 'So'],
      long: ['Montag', 'Dienstag', 'Mittwoch', 'Donnerstag', 'Freitag', 'Samstag', 'Sonntag'],
      little: 'Noch nicht genug Daten.',
      failed: 'Zurzeit nicht zu erreichen.',
      levels: ['kaum etwas los', 'wenig los', 'mäßig voll', 'voll', 'sehr voll'],
      unknown: 'keine Angabe',
      hour: (hour: number) => `${hour} Uhr`,
      usual: 'jetzt üblich',
      note: 'Typische Stunden der letzten acht Wochen; anonym gezählt.',
    },
    en: {
      title: 'How busy is it, and when?',
      days: ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'],
      long: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
      little: 'Not yet enough data.',
      failed: 'Cannot be reached at the moment.',
      levels: ['hardly anybody', 'quiet', 'moderately busy', 'busy', 'very busy'],
      unknown: 'nothing known',
      hour: (hour: number) => `${hour}:00`,
      usual: 'usual now',
      note: 'Typical hours of the last eight weeks; counted anonymously.',
    },
  }[language];
  const style = `:host{all:initial;display:block;font:14px/1.4 system-ui,sans-serif;color:#1b1d22;max-width:26rem}
section{background:#fff;border:1px solid #e2e0d9;border-radius:8px;padding:12px 14px}h2{font-size:16px;margin:0 0 2px}p{margin:4px 0}
.days{display:flex;gap:4px;margin:8px 0}button{flex:1;font:inherit;padding:4px 0;border:1px solid #c9c5ba;border-radius:4px;background:#fff;color:inherit;cursor:pointer}
button[aria-pressed=true]{background:#1d4ed8;border-color:#1d4ed8;color:#fff}button:focus-visible{outline:2px solid #1d4ed8;outline-offset:2px}
ol{display:flex;align-items:flex-end;gap:2px;height:72px;margin:0;padding:0;list-style:none;border-bottom:1px solid #c9c5ba}
li{flex:1;background:#9db5f2;min-height:1px;border-radius:2px 2px 0 0}li.now{background:#1d4ed8}li.none{background:none}
li span{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}.axis{display:flex;justify-content:space-between;font-size:12px;color:#5b606b}
.note{font-size:12px;color:#5b606b}`;
  const host = document.createElement('div');
  script.after(host);
  const root = host.attachShadow({ mode: 'open' });
  const element = (tag: string, text = '', name = '') => {
    const made = document.createElement(tag);
    made.textContent = text;
    if (name !== '') made.className = name;
    return made;
  };
  const section = element('section');
  section.lang = language;
  section.setAttribute('aria-label', words.title);
  root.append(element('style', style), section);

  const levelOf = (level: number | null) =>
    level === null ? words.unknown : words.levels[Math.min(4, Math.floor(level / 20))]!;
  /** Weekday from 0 Monday, and hour, on the clock of the place. */
  const clockOf = (timeZone: string): [number, number] => {
    const parts = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      weekday: 'short',
      hour: '2-digit',
      hourCycle: 'h23',
    }).formatToParts();
    const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
    return [['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(part('weekday')), Number(part('hour'))];
  };

  const show = (hours: Hours) => {
    section.append(element('h2', words.title), element('p', hours.name));
    if (!hours.enough) {
      section.append(element('p', words.little));
      return;
    }
    const [today, hourNow] = clockOf(hours.timeZone);
    const days = element('div', '', 'days');
    const bars = element('ol');
    const said = element('p');
    said.setAttribute('aria-live', 'polite');
    const buttons = words.days.map((day, index) => {
      const button = element('button', day);
      button.setAttribute('aria-label', words.long[index]!);
      button.addEventListener('click', () => choose(index));
      return button;
    });
    const choose = (day: number) => {
      for (const [index, button] of buttons.entries()) {
        button.setAttribute('aria-pressed', String(index === day));
      }
      bars.setAttribute('aria-label', words.long[day]!);
      const items = hours.levels[day]!.map((level, hour) => {
        const isNow = day === today && hour === hourNow;
        const item = element('li', '', isNow ? 'now' : level === null ? 'none' : '');
        item.style.height = `${level ?? 0}%`;
        item.title = `${words.hour(hour)}: ${levelOf(level)}`;
        item.append(element('span', item.title));
        return item;
      });
      bars.replaceChildren(...items);
      const level = hours.levels[day]![hourNow] ?? null;
      said.textContent =
        day === today ? `${words.hour(hourNow)}, ${words.usual}: ${levelOf(level)}` : words.long[day]!;
    };
    days.append(...buttons);
    const axis = element('div', '', 'axis');
    axis.setAttribute('aria-hidden', 'true');
    axis.append(...[0, 6, 12, 18, 24].map((hour) => element('span', String(hour))));
    section.append(said, days, bars, axis, element('p', words.note, 'note'));
    choose(today);
  };
  fetch(new URL(`/v1/widget/${encodeURIComponent(line)}`, script.src), { credentials: 'omit' })
    .then(async (answer) => {
      if (!answer.ok) throw new Error(String(answer.status));
      show((await answer.json()) as Hours);
    })
    .catch(() => section.append(element('h2', words.title), element('p', words.failed)));
})();

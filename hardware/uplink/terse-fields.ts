/**
 * Splits a line of `nmcli --terse`: fields end at a colon, and a backslash takes the next character as
 * it is (nmcli(1), "--escape"). Network names may hold both.
 */
export function terseFields(line: string): string[] {
  const fields = [''];
  for (let place = 0; place < line.length; place += 1) {
    const character = line[place]!;
    if (character === '\\' && place + 1 < line.length) {
      place += 1;
      fields[fields.length - 1] += line[place]!;
    } else if (character === ':') fields.push('');
    else fields[fields.length - 1] += character;
  }
  return fields;
}

import type { WindowDay } from '../../../../gateway/values/effects/window-day.ts';
import { SeededRandom } from '../../../../hardware/emulated/walks/seeded-random.ts';

export interface SimulatedTown {
  readonly seed: number;
  readonly days: number;
  readonly people: number;
  /** Standard deviation of a day's own surprise, in logarithms, and how much of it lasts till tomorrow. */
  readonly surprise: number;
  readonly lasting: number;
  /** Of twenty days one has a surprise of its own that is three times as large. */
  readonly wild?: boolean;
  readonly weather?: boolean;
  readonly control?: boolean;
}

const weekdayLogs = [0, 0.02, 0.05, 0.05, 0.2, 0.4, -0.8];

/** Days of a street with weekdays, a season, weather, a wandering level and the scatter of a count. */
export function simulateDays(town: SimulatedTown): WindowDay[] {
  const random = new SeededRandom(town.seed);
  let [surprise, level] = [0, 0];
  return Array.from({ length: town.days }, (_, index) => {
    const at = new Date(Date.UTC(2023, 0, 2 + index));
    const weekday = ((at.getUTCDay() + 6) % 7) + 1;
    surprise = town.lasting * surprise + Math.sqrt(1 - town.lasting ** 2) * town.surprise * random.normal();
    level = 0.9 * level + 0.05 * random.normal();
    const wild = town.wild && random.chance(0.05) ? 3 * town.surprise * random.normal() : 0;
    const temperature = 12 + 8 * Math.sin((2 * Math.PI * (index - 100)) / 365) + 4 * random.normal();
    const wet = random.chance(0.3) ? random.next() : 0;
    const common = weekdayLogs[weekday - 1]! + 0.15 * Math.sin((2 * Math.PI * index) / 365) + level;
    const weather = town.weather ? (0.1 * (temperature - 12)) / 10 - 0.2 * wet : 0;
    const mean = town.people * Math.exp(common + weather + surprise + wild);
    const control = Math.round(town.people * Math.exp(common + 0.3 + 0.05 * random.normal()));
    return {
      date: at.toISOString().slice(0, 10),
      weekday,
      people: Math.max(0, Math.round(mean + Math.sqrt(mean) * random.normal())),
      publicHoliday: false,
      schoolHoliday: false,
      temperatureCelsius: town.weather ? temperature : null,
      wetShare: town.weather ? wet : null,
      controls: town.control ? [control] : [],
      isEvent: false,
    };
  });
}

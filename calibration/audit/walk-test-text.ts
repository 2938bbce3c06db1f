import type { WalkTestMessages } from '../messages/walk-test.ts';
import { plainTable } from '../picture/plain-table.ts';
import { correctionPeopleMin } from './apply-walk-test.ts';
import { trialsToProve } from './exact-bound.ts';
import type { KindResult, WalkTestResult } from './walk-test-result.ts';
import type { Standing } from './walk-test-session.ts';

interface Wish {
  readonly text: WalkTestMessages;
  /** The share that the technician wants to claim. */
  readonly claim: number;
}

/** How a running test stands, for the screen and the telephone. */
export function standingText(standing: Standing, { text, claim }: Wish): string {
  const { result, live, pending, last } = standing;
  const lines = [text.live(live, result.recall.trials, pending), ...provenText(result, { text, claim })];
  if (last !== null) {
    const direction = last.direction === null ? '' : `${text.directions[last.direction]}, `;
    lines.push(text.last(`${direction}${text.kinds[last.kind]}`));
  }
  return lines.join('\n');
}

function provenText({ recall, precision }: WalkTestResult, { text, claim }: Wish): string[] {
  if (recall.trials === 0) return [text.nothingYet];
  const more = trialsToProve(claim, recall.successes, recall.trials);
  return [
    text.recall(recall),
    text.precision(precision),
    text.claim(recall.claimPercent, Math.round(claim * 1000) / 10, more),
  ];
}

/** The result of a finished test: a row for each kind of passage, what it proves, and the corrections. */
export function resultText(result: WalkTestResult, { text, claim }: Wish): string {
  const [invented, ...rest] = resultLines(result, text);
  const lines = [invented!, ...provenText(result, { text, claim }), ...rest];
  return `${plainTable(resultTable(result, text))}\n\n${lines.join('\n')}`;
}

/** What stands below the table: counts of nobody, the corrections, and what they hold for. */
export function resultLines(result: WalkTestResult, text: WalkTestMessages): string[] {
  const factors = (['in', 'out'] as const).map((direction) => {
    const found = result.factors[direction];
    const enough = found !== null && Math.min(found.people, found.counted) >= correctionPeopleMin;
    return enough ? text.factor(direction, found) : text.noFactor(direction, correctionPeopleMin);
  });
  return [text.invented(result.invented), ...factors, text.lag(result.lagSeconds), text.mixture];
}

/** A row for each kind of passage, head first, all together last. */
export function resultTable(result: WalkTestResult, text: WalkTestMessages): string[][] {
  const rows = result.kinds.map((row) => [text.kinds[row.kind], ...cells(row), text.share(row.recall)]);
  const sum = (field: keyof Cells) => result.kinds.reduce((total, row) => total + row[field], 0);
  const all = {
    people: sum('people'),
    counted: sum('counted'),
    missed: sum('missed'),
    wrongDirection: sum('wrongDirection'),
    doubles: sum('doubles'),
    countedNobody: sum('countedNobody'),
  };
  return [[...text.columns], ...rows, [text.all, ...cells(all), text.share(result.recall)]];
}

type Cells = Pick<
  KindResult,
  'people' | 'counted' | 'missed' | 'wrongDirection' | 'doubles' | 'countedNobody'
>;

function cells({ people, counted, missed, wrongDirection, doubles, countedNobody }: Cells): string[] {
  return [people, counted, missed, wrongDirection, doubles, countedNobody].map(String);
}

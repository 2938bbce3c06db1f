import { expect, test } from 'vitest';
import { SeededRandom } from '../../../../hardware/emulated/walks/seeded-random.ts';

const drawsOf = (random: SeededRandom, count = 1000) => Array.from({ length: count }, () => random.next());

test('the same seed and label give the same numbers, another label gives others', () => {
  expect(drawsOf(new SeededRandom(7, 'walks'))).toEqual(drawsOf(new SeededRandom(7, 'walks')));
  expect(drawsOf(new SeededRandom(7, 'noise'))).not.toEqual(drawsOf(new SeededRandom(7, 'walks')));
  expect(drawsOf(new SeededRandom(8, 'walks'))).not.toEqual(drawsOf(new SeededRandom(7, 'walks')));
});

test('numbers fill the unit interval evenly', () => {
  const cells = new Array<number>(10).fill(0);
  for (const draw of drawsOf(new SeededRandom(3), 100_000)) cells[Math.floor(draw * 10)]!++;
  for (const count of cells) expect(Math.abs(count - 10_000)).toBeLessThan(450);
});

test('normal numbers have mean 0 and deviation 1', () => {
  const random = new SeededRandom(5);
  const draws = Array.from({ length: 50_000 }, () => random.normal());
  const mean = draws.reduce((sum, each) => sum + each, 0) / draws.length;
  const square = draws.reduce((sum, each) => sum + (each - mean) ** 2, 0) / draws.length;
  expect(Math.abs(mean)).toBeLessThan(0.02);
  expect(Math.abs(Math.sqrt(square) - 1)).toBeLessThan(0.02);
});

test('picking by weight follows the weights', () => {
  const random = new SeededRandom(11);
  const picks = Array.from({ length: 20_000 }, () =>
    random.pickWeighted([
      ['often', 3],
      ['seldom', 1],
    ]),
  );
  const often = picks.filter((pick) => pick === 'often').length;
  expect(Math.abs(often / picks.length - 0.75)).toBeLessThan(0.012);
});

import { median } from '../../domain/quantile';
import { seededRandom } from '../../domain/seeded-random';

/** Lines a second of one thread, by the clock and by the time that the process had a core. */
export interface Speed {
  readonly linesPerSecond: number;
  readonly linesPerCpuSecond: number;
}

/** Makes something that takes lines in. */
export type Parser = () => (line: string) => void;

const ROUNDS = 5;
const DIGIT = /\d/g;

/**
 * Medians over five rounds of what parsers do with all lines, one parser after the other in each round. Each has seen the lines before, in which all digits differ from round to
 * round, so that no parser can know them by heart.
 */
export function speeds(lines: readonly string[], parsers: readonly [Parser, Parser]): [Speed, Speed] {
  const random = seededRandom(1);
  const digit = (was: string): string => (was === '0' ? was : String(1 + Math.floor(random() * 9)));
  const takes = parsers.map((make) => make());
  const rounds: Speed[][] = takes.map(() => []);
  for (let round = 0; round <= ROUNDS; round += 1) {
    const fresh = lines.map((line) => line.replace(DIGIT, digit));
    for (const [i, take] of takes.entries()) {
      const speed = measured(fresh, take);
      if (round > 0) rounds[i]?.push(speed);
    }
  }
  const middle = (i: number, of: (speed: Speed) => number): number => Math.round(median((rounds[i] ?? []).map(of)));
  const result = (i: number): Speed => ({ linesPerSecond: middle(i, (s) => s.linesPerSecond), linesPerCpuSecond: middle(i, (s) => s.linesPerCpuSecond) });
  return [result(0), result(1)];
}

function measured(lines: readonly string[], take: (line: string) => void): Speed {
  const [began, before] = [performance.now(), process.cpuUsage()];
  for (const line of lines) take(line);
  const { user, system } = process.cpuUsage(before);
  return { linesPerSecond: (lines.length * 1000) / (performance.now() - began), linesPerCpuSecond: (lines.length * 1e6) / (user + system) };
}

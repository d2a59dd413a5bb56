import type { LogRecord } from '../telemetry';
import { TemplateMiner } from './miner';
import type { CountedTemplate } from './rates-types';

/** Lines that are alike but for what masks can tell, as the archive counts them. */
export interface CountedLine {
  readonly level: LogRecord['level'];
  readonly template: string;
  readonly sample: string;
  readonly minutes: CountedTemplate['minutes'];
}

const LEVELS: readonly LogRecord['level'][] = ['debug', 'info', 'warn', 'error'];

/**
 * What the archive counted for one service, with lines of one kind put together by a miner: the archive keeps lines as masks leave them, as each is counted on its own. The level is the
 * most severe one, the sample that of the most frequent. With the miner that was used before (`TemplateMiner.restore`) ids stay comparable.
 */
export function groupedTemplates(counted: readonly CountedLine[], miner = new TemplateMiner()): CountedTemplate[] {
  const placed = counted.map((line) => ({ line, total: line.minutes.reduce((sum, { lines }) => sum + lines, 0) }));
  const ids = placed.map(({ line, total }) => miner.add(line.template, total).id);
  const groups = new Map<string, { readonly text: string; readonly members: typeof placed }>();
  for (const [i, one] of placed.entries()) {
    // What was one's own template may have become another's since.
    const { id, text } = miner.template(ids[i] ?? '') ?? { id: ids[i] ?? '', text: one.line.template };
    const group = groups.get(id) ?? { text, members: [] };
    group.members.push(one);
    groups.set(id, group);
  }
  return [...groups].map(([id, { text, members }]) => {
    const most = members.reduce((first, other) => (other.total > first.total ? other : first));
    const level = LEVELS.findLast((each) => members.some(({ line }) => line.level === each)) ?? most.line.level;
    return { id, text, level, sample: most.line.sample, minutes: summed(members.flatMap(({ line }) => line.minutes)) };
  });
}

function summed(minutes: CountedTemplate['minutes']): CountedTemplate['minutes'] {
  const sums = new Map<number, number>();
  for (const { at, lines } of minutes) sums.set(at, (sums.get(at) ?? 0) + lines);
  return [...sums].map(([at, lines]) => ({ at, lines })).sort((a, b) => a.at - b.at);
}

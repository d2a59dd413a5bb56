import { seededRandom } from '../../../domain/seeded-random';

/** Calls, or things that calls made; what is left out is any. */
export interface Which {
  /** As requests are signed for it, such as `monitoring`. */
  readonly service?: string;
  readonly operation?: string;
  readonly account?: string;
  readonly region?: string;
  /** Calls that only read, or those that change something. */
  readonly only?: 'reads' | 'writes';
  /** How many it befalls; without it all, until it is lifted. */
  readonly times?: number;
  /** How many are spared first. */
  readonly after?: number;
  /** How likely it befalls one, from 0 to 1, drawn by `seed`; without it, always. */
  readonly chance?: number;
  readonly seed?: number;
}

/** What is matched with it. */
export interface Subject {
  readonly service: string;
  readonly operation: string;
  readonly account: string;
  readonly region: string;
}

/** Rules that are in force. */
export interface Rules<T extends Which> {
  /** Returns what takes it away again. */
  add(rule: T): () => void;
  /** The first that befalls this subject; counts it. */
  befalls(subject: Subject): T | undefined;
  clear(): void;
}

const READS = /^(Get|BatchGet|List|Describe|Head|Lookup|Filter|Select|Receive)/;

/** Whether an operation changes nothing, by its name. */
export function isRead(operation: string): boolean {
  return READS.test(operation);
}

/** None at first. */
export function makeRules<T extends Which>(): Rules<T> {
  const active = new Set<{ readonly rule: T; spare: number; left: number; readonly draw: () => number }>();
  return {
    add(rule) {
      const one = { rule, spare: rule.after ?? 0, left: rule.times ?? Infinity, draw: seededRandom(rule.seed ?? 0) };
      active.add(one);
      return () => void active.delete(one);
    },
    befalls(subject) {
      for (const one of active) {
        if (!matches(one.rule, subject)) continue;
        if (one.rule.chance !== undefined && one.draw() >= one.rule.chance) continue;
        if (one.spare > 0) {
          one.spare--;
          continue;
        }
        if (--one.left <= 0) active.delete(one);
        return one.rule;
      }
      return undefined;
    },
    clear: () => active.clear(),
  };
}

function matches(rule: Which, subject: Subject): boolean {
  if (rule.only !== undefined && isRead(subject.operation) !== (rule.only === 'reads')) return false;
  return (['service', 'operation', 'account', 'region'] as const).every((key) => rule[key] === undefined || rule[key] === subject[key]);
}

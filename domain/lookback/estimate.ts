/** What one part of the reading costs. */
export interface PartEstimate {
  /** Name of the part, the same in every run over the same span. */
  readonly part: string;
  readonly calls: readonly OperationCalls[];
}

/** Calls of one operation, and what they cost. */
export interface OperationCalls {
  /** As `cloudwatch:DescribeAlarmHistory`. */
  readonly operation: string;
  readonly calls: number;
  /** US dollars for all of them. */
  readonly usd: number;
}

/** Sums of an estimate by operation, in order of the name, for what is left to read. */
export interface EstimateTotal {
  readonly operations: readonly OperationCalls[];
  readonly calls: number;
  readonly usd: number;
}

/** The cost of all parts that are not done yet. */
export function totalEstimate(parts: readonly PartEstimate[], done: ReadonlySet<string>): EstimateTotal {
  const sums = new Map<string, { calls: number; usd: number }>();
  for (const { calls } of parts.filter(({ part }) => !done.has(part)))
    for (const { operation, calls: count, usd } of calls) {
      const sum = sums.get(operation) ?? { calls: 0, usd: 0 };
      sums.set(operation, { calls: sum.calls + count, usd: sum.usd + usd });
    }
  const operations = [...sums].map(([operation, sum]) => ({ operation, ...sum })).sort((a, b) => (a.operation < b.operation ? -1 : 1));
  const add = (of: 'calls' | 'usd'): number => operations.reduce((sum, each) => sum + each[of], 0);
  return { operations, calls: add('calls'), usd: add('usd') };
}

/** Dollars for people: `$0.00`, `under $0.01`, `$1.23`. */
export function dollars(usd: number): string {
  return usd > 0 && usd < 0.01 ? 'under $0.01' : `$${usd.toFixed(2)}`;
}

import type { Build } from './build';
import { defined } from './defined';

/** A build that was told twice: what the later telling knows and the earlier did not is added; what both say stays as it was said first. Of steps the longer list counts. */
export function completedBuild(earlier: Build, later: Build): Build {
  const steps = (later.steps?.length ?? 0) > (earlier.steps?.length ?? 0) ? later.steps : earlier.steps;
  const usage = earlier.usage || later.usage ? { ...later.usage, ...earlier.usage } : undefined;
  const tests = earlier.tests ? { ...later.tests, ...earlier.tests } : later.tests;
  return { ...later, ...earlier, ...defined({ steps, usage, tests }) };
}

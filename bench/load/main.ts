import { flood } from './flood';
import type { LoadPlan } from './flood';

// The process that makes the load: a plan comes as a message, and its result goes back.
process.once('message', (plan: LoadPlan) => {
  void flood(plan).then((result) => process.send?.(result, () => process.disconnect()));
});

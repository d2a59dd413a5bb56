import { billableActions } from '../../domain/billable';
import type { BillableEvent } from '../../domain/billable';

const event = (type: string, attributes: Partial<BillableEvent> = {}): BillableEvent => ({ eventType: `EVENT_TYPE_${type}`, ...attributes });
const begun = (attempt: number): BillableEvent => event('ACTIVITY_TASK_STARTED', { activityTaskStartedEventAttributes: { attempt } });

test('tasks, completions and the start that a signal brings along cost nothing', () => {
  const free = ['WORKFLOW_EXECUTION_STARTED', 'WORKFLOW_TASK_SCHEDULED', 'WORKFLOW_TASK_STARTED', 'WORKFLOW_TASK_COMPLETED', 'WORKFLOW_EXECUTION_COMPLETED'];
  expect(billableActions(free.map((type) => event(type)))).toBe(0);
});

test.each([
  'ACTIVITY_TASK_SCHEDULED',
  'TIMER_STARTED',
  'WORKFLOW_EXECUTION_SIGNALED',
  'WORKFLOW_EXECUTION_UPDATE_ACCEPTED',
  'UPSERT_WORKFLOW_SEARCH_ATTRIBUTES',
  'WORKFLOW_EXECUTION_CONTINUED_AS_NEW',
])('%s costs 1', (type) => {
  expect(billableActions([event(type)])).toBe(1);
});

test('a timer is paid when it starts, not when it fires or is cancelled', () => {
  expect(billableActions([event('TIMER_STARTED'), event('TIMER_FIRED'), event('TIMER_STARTED'), event('TIMER_CANCELED')])).toBe(2);
});

test('a child costs 2 where it is started', () => {
  expect(billableActions([event('START_CHILD_WORKFLOW_EXECUTION_INITIATED'), event('CHILD_WORKFLOW_EXECUTION_STARTED')])).toBe(2);
});

test('each retry of an activity costs 1 more, though only the last attempt leaves an event', () => {
  const once = [event('ACTIVITY_TASK_SCHEDULED'), begun(1), event('ACTIVITY_TASK_COMPLETED')];
  const thrice = [event('ACTIVITY_TASK_SCHEDULED'), begun(3), event('ACTIVITY_TASK_COMPLETED')];
  expect([billableActions(once), billableActions(thrice)]).toEqual([1, 3]);
});

test('a signal between workflows is counted where it arrives, and not where it is sent', () => {
  expect(billableActions([event('SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED'), event('EXTERNAL_WORKFLOW_EXECUTION_SIGNALED')])).toBe(0);
});

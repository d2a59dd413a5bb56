import { versionComplaint, WORKFLOW_VERSIONS } from '../../domain/workflow-versions';
import type { WorkflowType } from '../../domain/workflow-versions';
import * as workflows from '../../workflows';

/** What the release before understands; raised with each release, never within one. There is none before 0.1.0, which therefore may write what it understands. */
const RELEASE_BEFORE: Readonly<Record<WorkflowType, readonly number[]>> = { incident: [1, 2, 3, 4, 5], remediation: [1, 2], heartbeat: [1], detection: [1] };
const types = Object.keys(WORKFLOW_VERSIONS) as WorkflowType[];

test('every workflow has a version', () => {
  expect(types.sort()).toEqual(Object.keys(workflows).sort());
});

test.each(types)('new workflows %s are begun in a way that the release before can take up', (type) => {
  expect(RELEASE_BEFORE[type]).toContain(WORKFLOW_VERSIONS[type].written);
});

test.each(types)('%s: nothing that the release before understands was forgotten', (type) => {
  expect(WORKFLOW_VERSIONS[type].understood).toEqual(expect.arrayContaining([...RELEASE_BEFORE[type]]));
});

test.each([0, 6, '2', null, undefined])('version %p is named, with those that are understood', (version) => {
  expect(versionComplaint('incident', version)).toContain(`understands version 1, 2, 3, 4, 5 of the workflow incident, not ${String(version)}.`);
});

test('known versions are no trouble', () => {
  expect([versionComplaint('incident', 1), versionComplaint('incident', 5), versionComplaint('remediation', 1)]).toEqual([undefined, undefined, undefined]);
});

import { lacking } from '../../../domain/actions/lacking';
import { parseRunbook } from '../../../domain/runbook-schema';

const runbook = (uses: string): NonNullable<ReturnType<typeof parseRunbook>['runbook']> => {
  const text = `{id: r, version: 1, title: R, description: R, for: {causes: [bad-release]}, risk: low, reversible: false, parameters: {which: {description: W}}, steps: [${uses}]}`;
  const { runbook: read, problems } = parseRunbook(text);
  if (!read) throw new Error(JSON.stringify(problems));
  return read;
};
const undo = { name: 'undo', argv: ['a'], parameters: {}, directory: '/', outputLimitBytes: 1, scope: { environments: ['prod'] } };
const allowed = { commands: [undo], calls: [] };
const prod = { service: 'shop', environment: 'prod' };

test('what a runbook names must be allowed for the service; a name that a parameter gives is looked at later', () => {
  const named = runbook("{id: a, name: A, uses: command.run, with: {command: undo, deployment: '${{ parameters.which }}'}}");
  expect(lacking(named, allowed, prod)).toEqual([]);
  expect(lacking(named, allowed, { ...prod, environment: 'staging' })).toEqual(['actions.commands.undo']);
  expect(lacking(runbook("{id: a, name: A, uses: http.call, with: {call: purge, zone: '${{ parameters.which }}'}}"), allowed, prod)).toEqual([
    'actions.calls.purge',
  ]);
  expect(lacking(runbook("{id: a, name: A, uses: command.run, with: {command: '${{ parameters.which }}'}}"), allowed, prod)).toEqual([]);
});

test('what acts on GitHub needs its repository, and a workflow that is allowed there', () => {
  const rerun = runbook("{id: a, name: A, uses: github.rerun-failed-jobs, with: {run: '${{ parameters.which }}'}}");
  const deploy = (workflow: string): ReturnType<typeof runbook> =>
    runbook(`{id: a, name: A, uses: github.dispatch, with: {workflow: '${workflow}', release: '\${{ parameters.which }}'}}`);
  const workflow = { name: 'deploy', file: 'd.yml', ref: 'main', inputs: {}, parameters: {}, scope: { services: ['shop'] } };
  const github = { repository: 'acme/shop', url: 'https://api.github.com', scope: { environments: ['prod'] }, workflows: [workflow] };
  expect([lacking(rerun, allowed, prod), lacking(deploy('deploy'), allowed, prod)]).toEqual([['actions.github'], ['actions.github']]);
  const open = { ...allowed, github };
  expect([lacking(rerun, open, prod), lacking(deploy('deploy'), open, prod), lacking(deploy('${{ parameters.which }}'), open, prod)]).toEqual([[], [], []]);
  expect(lacking(deploy('ship'), open, prod)).toEqual(['actions.github.workflows.ship']);
  expect(lacking(deploy('deploy'), open, { ...prod, service: 'till' })).toEqual(['actions.github.workflows.deploy']);
  expect(lacking(rerun, open, { ...prod, environment: 'staging' })).toEqual(['actions.github']);
});

import { readCatalogue } from '../../../config/catalogue';
import { packageRoot } from '../../../config/package-root';
import { healthChange } from '../../../domain/lookback/aws/changes';
import type { PastFact } from '../../../domain/lookback/facts';
import type { ReportIncident } from '../../../domain/lookback/report';
import { change, lookBackOn, NOON, page } from '../../fakes/past/pieces';
import { MINUTE } from '../../fakes/past/world';

const { runbooks } = readCatalogue({ root: packageRoot() });

function only(facts: readonly PastFact[]): ReportIncident {
  const { incidents } = lookBackOn(facts, {}, runbooks);
  expect(incidents).toHaveLength(1);
  return incidents[0] as ReportIncident;
}
const named = ({ suspects }: ReportIncident): string | undefined => suspects.find((each) => each.named)?.summary;
const reasons = ({ suspects }: ReportIncident): string => suspects.map(({ why }) => why).join('; ');

describe('what changed before', () => {
  it('names the deployment, and the rollback that the engine would have proposed with the evidence that it takes', () => {
    const incident = only([page(0, 40), change(-1)]);
    expect([named(incident), incident.wouldHave]).toEqual([
      'Deployment of checkout 1.5.0',
      expect.objectContaining({ would: 'propose', runbook: 'rollback-release', needs: 'metrics', mode: 'approve', parameters: { from: '1.5.0', to: '1.4.0' } }),
    ]);
  });

  it('names a deployment of a while before, but proposes nothing, as the engine would not', () => {
    const incident = only([page(0, 40), change(-18)]);
    expect([named(incident), incident.wouldHave.would]).toEqual(['Deployment of checkout 1.5.0', 'ask']);
  });

  it('names a change of a security group in the console, with no rollback', () => {
    const group = 'arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1b2c';
    const where = { names: [], resources: ['sg-0a1b2c'], account: '111122223333', region: 'eu-west-1' };
    const write = change(-4, { what: 'infrastructure', by: 'person', summary: 'RevokeSecurityGroupIngress (ec2) on sg-0a1b2c in the console', where });
    const { from: _from, to: _to, ...plain } = write;
    const incident = only([page(0, 40), plain, { kind: 'owner', resource: group, service: 'checkout' }]);
    expect([named(incident), incident.wouldHave.would, incident.wouldHave.runbook]).toEqual([write.summary, 'wait', undefined]);
  });

  it('names an event of the provider that is about a product of the service, with no rollback, and makes the services that it hurts one incident', () => {
    const arn = 'arn:aws:health:eu-west-1::event/RDS/X/Y';
    const event = {
      arn,
      service: 'RDS',
      code: 'AWS_RDS_OPERATIONAL_ISSUE',
      category: 'issue',
      region: 'eu-west-1',
      startedAt: NOON - 3 * MINUTE,
      entities: [],
    };
    const database = (name: string) => ({ names: [name], resources: [], region: 'eu-west-1', products: ['rds'] });
    const pages = [page(0, 40, { where: database('checkout') }), page(6, 30, { condition: 'slow', where: database('search') })];
    const incident = only([...pages, healthChange(event) as PastFact]);
    expect([named(incident), incident.wouldHave.would, incident.services]).toEqual([
      expect.stringContaining('trouble of RDS in eu-west-1'),
      'wait',
      ['checkout', 'search'],
    ]);
  });

  it('names nothing where nothing changed, and says that it would have been silent', () => {
    const incident = only([page(0, 40)]);
    expect([named(incident), incident.wouldHave.would, incident.hindsight.map(({ kind, wrong }) => [kind, wrong])]).toEqual([
      undefined,
      'silent',
      [['silent', true]],
    ]);
  });

  it.each([
    ['another service', change(-2, { where: { names: ['search'], resources: [] } })],
    ['another account', change(-2, { where: { names: ['checkout'], resources: [], account: '444455556666' } })],
    ['another region', change(-2, { where: { names: ['checkout'], resources: [], region: 'us-east-1' } })],
    ['a run that deploys nothing', change(-2, { what: 'run' })],
    ['what the provider does by itself', change(-2, { by: 'provider', what: 'configuration' })],
    ['what came three hours before', change(-180)],
  ])('does not look at %s', (_what, decoy) => {
    expect(only([page(0, 40), decoy]).suspects).toEqual([]);
  });

  it.each([
    ['it deployed the release that ran already', change(-2, { from: '1.5.0' })],
    ['a restart alters nothing that stays', change(-2, { what: 'restart' })],
    ['5 m after the trouble began, on checkout, so that it cannot be the cause', change(5)],
    ['more than 45 m lie between', change(-70)],
  ])('lists without naming, as %s', (why, decoy) => {
    const incident = only([page(0, 40), decoy]);
    expect([named(incident), reasons(incident)]).toEqual([undefined, expect.stringContaining(why)]);
  });

  it('does not name a change of a service that is changed all day long', () => {
    const all = Array.from({ length: 14 * 48 }, (_none, i) =>
      change(-20 - 30 * i + 7 * 24 * 60, { id: `d${String(i)}`, from: `1.${String(i)}.0`, to: `2.${String(i)}.0` }),
    );
    const incident = lookBackOn([page(0, 40), ...all]).incidents[0] as ReportIncident;
    expect([named(incident), reasons(incident)]).toEqual([undefined, expect.stringContaining('it is changed so often')]);
  });

  it('takes a change for earlier when the clocks differ by less than a minute', () => {
    expect(named(only([page(0, 40, { since: NOON - 5 * MINUTE }), change(-4.5)]))).toBe('Deployment of checkout 1.5.0');
  });
});

describe('pages and incidents', () => {
  it('a page that comes while the engine would still watch belongs to the incident, one after that to the next', () => {
    const { incidents } = lookBackOn([page(0, 10), page(35, 5, { condition: 'slow' }), page(75, 5)]);
    expect(incidents.map(({ pages }) => pages.length)).toEqual([2, 1]);
  });

  it('the page of a caller joins the trouble of what it calls, and that of a stranger does not', () => {
    const of = (name: string) => ({ names: [name], resources: [] });
    const pages = [
      page(0, 30, { where: of('payments') }),
      page(4, 20, { condition: 'slow', where: of('checkout') }),
      page(4, 20, { condition: 'cpu', where: of('images') }),
    ];
    const { incidents } = lookBackOn([...pages, { kind: 'dependency', service: 'checkout', on: 'payments' }]);
    expect(incidents.map(({ services }) => services)).toEqual([['payments', 'checkout'], ['images']]);
  });

  it('flapping is what the alert gate folds, and the same page again in one incident is repeated', () => {
    const flaps = Array.from({ length: 5 }, (_none, i) => page(i * 2, 1));
    const { totals } = lookBackOn([...flaps, page(120, 10), page(140, 10)]);
    expect(totals.noise).toMatchObject({ flapping: expect.any(Number) as number, repeated: expect.any(Number) as number });
    expect([totals.noise.flapping >= 3, lookBackOn([page(120, 10), page(140, 10)]).totals.noise.repeated]).toEqual([true, 1]);
  });

  it('a page under a silence of that time is silenced', () => {
    const matchers = [{ name: 'service', value: 'checkout', isRegex: false, isEqual: true }];
    const silence = {
      id: 's',
      origin: 'alertmanager' as const,
      match: {},
      matchers,
      owner: 'ana',
      reason: 'move',
      startsAt: NOON - MINUTE,
      endsAt: NOON + 60 * MINUTE,
    };
    expect(lookBackOn([page(0, 5), { kind: 'silence', silence }]).totals.noise.silenced).toBe(1);
  });

  it('nights are those of the zone', () => {
    const facts = [page(9 * 60, 5), page(20 * 60, 5)];
    expect([lookBackOn(facts).totals.night.pages, lookBackOn(facts, { zone: 'Asia/Tokyo' }).totals.night.pages]).toEqual([0, 1]);
  });

  it('a page without an end still fires at the end of the span', () => {
    const { end: _end, ...open } = page(0, 0);
    const [incident] = lookBackOn([open]).incidents;
    expect([incident?.end, incident?.hindsight.map(({ kind }) => kind)]).toEqual([undefined, ['silent', 'still']]);
  });
});

describe('hindsight', () => {
  const kinds = (facts: readonly PastFact[]) => only(facts).hindsight.map(({ kind, wrong }) => [kind, wrong]);

  it('a proposal is wrong where the trouble healed before any remedy would have begun', () => {
    expect(kinds([page(0, 3), change(-1)])).toEqual([['healed', true]]);
  });

  it('a proposal is wrong where people fixed forward, and right where they went back', () => {
    const after = (to: string) => change(20, { from: '1.5.0', to, summary: `Deployment of checkout ${to}` });
    expect([kinds([page(0, 25), change(-1), after('1.5.1')]), kinds([page(0, 25), change(-1), after('1.4.0')])]).toEqual([
      [['fixed-forward', true]],
      [['rolled-back', false]],
    ]);
  });

  it('a release counts for more than what was done by hand before it', () => {
    const scaled = change(8, { what: 'configuration', by: 'person', summary: 'UpdateService' });
    expect(kinds([page(0, 25), change(-1), scaled, change(20, { from: '1.5.0', to: '1.4.0' })])).toEqual([['rolled-back', false]]);
  });

  it('says that the same page came again', () => {
    const { incidents } = lookBackOn([page(0, 20), change(-1), page(300, 20)], {}, runbooks);
    expect(incidents[0]?.hindsight.map(({ kind }) => kind)).toContain('again');
  });

  it('time is saved only by a proposal that hindsight does not speak against', () => {
    const saved = (facts: readonly PastFact[]) => only(facts).savedMs / MINUTE;
    expect([saved([page(0, 65), change(-1)]), saved([page(0, 3), change(-1)]), saved([page(0, 65)])]).toEqual([60, 0, 0]);
  });
});

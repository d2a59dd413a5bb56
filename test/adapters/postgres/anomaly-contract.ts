/* eslint-disable jest/no-export -- a suite that is run against every database */
import type { IncidentOutcome, IncidentView } from '../../../domain/incident-view';
import type { AnomalyFeedback } from '../../../ports/anomalies';
import type { Store } from '../../../ports/store';
import { ANOMALY_AT, sampleRecord } from '../../fakes/sample-anomaly';
import { at, entry, incident, NOON, transition } from './samples-of-data';

/** What holds for anomalies and what became of them, whichever database is behind it. */
export function anomalyContract(getStore: () => Store): void {
  const all = async (series: string): Promise<AnomalyFeedback[]> => (await getStore().feedback.since(0, 1000)).filter((row) => row.series === series);

  test('one that is put twice is one, and comes back as it was put', async () => {
    const { anomalies } = getStore();
    const record = sampleRecord({ service: 'put' });
    await anomalies.put(record);
    await anomalies.put({ ...record, label: 'another' });
    expect(await anomalies.get(record.id)).toEqual(record);
    expect(await anomalies.list({ service: 'put', from: 0, to: NOON * 2, limit: 10 })).toHaveLength(1);
    expect(await anomalies.get('ano-none')).toBeUndefined();
  });

  test('those of a service and a time are listed, newest first', async () => {
    const { anomalies } = getStore();
    const times = [0, 1, 2, 3].map((hours) => ANOMALY_AT + hours * 3_600_000);
    for (const time of times) await anomalies.put(sampleRecord({ service: 'list' }, { at: time }));
    await anomalies.put(sampleRecord({ service: 'list', environment: 'test' }));
    const found = await anomalies.list({ environment: 'prod', service: 'list', from: times[1]!, to: times[3]!, limit: 2 });
    expect(found.map(({ anomaly }) => anomaly.at)).toEqual([times[3], times[2]]);
    expect(await anomalies.list({ environment: 'test', service: 'list', from: 0, to: times[3]!, limit: 9 })).toHaveLength(1);
  });

  test('what a person says counts once, stands in the audit, and is read on from where one stopped', async () => {
    const { anomalies, feedback, audit } = getStore();
    const record = sampleRecord({ service: 'told' });
    await anomalies.put(record);
    const told = { by: 'ana', at: at(0), anomalies: [record.id] };
    expect(await feedback.tell({ ...told, what: 'noise' })).toEqual([record.id]);
    expect(await feedback.tell({ ...told, what: 'noise', by: 'ben' })).toEqual([]);
    expect(await feedback.tell({ ...told, what: 'useful' })).toEqual([record.id]);
    expect(await feedback.tell({ ...told, what: 'useful', anomalies: ['ano-none'] })).toEqual([]);
    const rows = await all(record.series);
    expect(rows).toMatchObject([
      { anomaly: record.id, what: 'noise', by: 'person:ana', score: record.anomaly.score, at: NOON },
      { what: 'useful', by: 'person:ana' },
    ]);
    expect((await feedback.since(rows[0]!.id, 1000)).filter((row) => row.series === record.series)).toEqual(rows.slice(1));
    const records = (await audit.read('system')).filter(({ kind, data }) => kind === 'feedback' && JSON.stringify(data).includes(record.id));
    expect(records.map(({ actor, data }) => [actor, data?.['what']])).toEqual([
      ['person:ana', 'noise'],
      ['person:ana', 'useful'],
    ]);
  });

  test('what many say at once has numbers without a turn back', async () => {
    const { anomalies, feedback } = getStore();
    const records = Array.from({ length: 8 }, (_, i) => sampleRecord({ service: 'many' }, { at: ANOMALY_AT + i }));
    for (const record of records) await anomalies.put(record);
    await Promise.all(records.map(({ id }) => feedback.tell({ what: 'noise', by: 'ana', at: at(0), anomalies: [id] })));
    const rows = await all(records[0]!.series);
    expect([rows.length, rows.every((row, i) => i === 0 || row.id > rows[i - 1]!.id)]).toEqual([8, true]);
  });

  const ended = async (kind: IncidentOutcome['kind'], actor: string, over: Partial<IncidentView> = {}): Promise<AnomalyFeedback[]> => {
    const id = incident();
    const record = sampleRecord({ service: id });
    await getStore().anomalies.put(record);
    const condition = {
      fingerprint: 'f',
      name: 'ErrorShareHigh',
      source: 'detector',
      status: 'resolved',
      severity: 'sev2',
      summary: 's',
      startsAt: at(0),
    } as const;
    const outcome = { kind, summary: 'over' };
    const last = transition(id, 2, 2, {}, { status: 'resolved', outcome, alerts: [{ ...condition, anomaly: record.id }], ...over });
    await getStore().transitions.apply({ ...transition(id, 1, 1), records: [entry(1, { actor })] });
    await getStore().transitions.apply(last);
    // The same transition comes again when its answer was lost.
    await getStore().transitions.apply(last, { kind: 'hold', hold: 'sil-none', until: NOON, why: '' });
    return all(record.series);
  };

  test('an incident that was fixed says of its anomalies once that they were acted on', async () => {
    expect(await ended('fixed', 'person:ana')).toMatchObject([{ what: 'acted', by: 'nightshift', at: NOON + 2000 }]);
  });

  test('one that went by itself says that they were ignored, unless a person was there', async () => {
    expect(await ended('recovered-unaided', 'nightshift')).toMatchObject([{ what: 'ignored', by: 'nightshift' }]);
    expect(await ended('recovered-unaided', 'person:nightshift')).toMatchObject([{ what: 'ignored' }]);
    expect(await ended('recovered-unaided', 'person:ana')).toEqual([]);
    expect(await ended('recovered-unaided', 'nightshift', { acknowledgedBy: 'ana' })).toEqual([]);
    expect(await ended('resolved-by-person', 'nightshift')).toEqual([]);
  });

  test('both are forgotten with the points', async () => {
    const { anomalies, feedback, archive } = getStore();
    const old = sampleRecord({ service: 'old' }, { at: 1000 }, []);
    await anomalies.put(old);
    await feedback.tell({ what: 'noise', by: 'ana', at: new Date(1000).toISOString(), anomalies: [old.id] });
    await archive.pruner.prune({ points: 2000, logs: 0, builds: 0, changes: 0, measures: 0, deliveries: 0 }, 1000);
    expect(await anomalies.get(old.id)).toBeUndefined();
    expect(await all(old.series)).toEqual([]);
    expect(await anomalies.list({ service: 'put', from: 0, to: NOON * 2, limit: 10 })).toHaveLength(1);
  });
}

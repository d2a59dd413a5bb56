import { grafana } from '../../../domain/sources/grafana';
import { CONTEXT, messageOf, samplesOf } from './samples';

test('a legacy message, which has neither an id nor a time, is the same within the minute and another one later', () => {
  const sample = samplesOf(grafana).find(({ name }) => name === 'legacy-alerting');
  const idAfter = (ms: number): unknown => {
    const [object] = sample ? grafana.read(messageOf(sample), { ...CONTEXT, receivedAt: CONTEXT.receivedAt + ms }).objects : [];
    return object?.object === 'alert' ? object.id : undefined;
  };
  expect(idAfter(0)).toMatch(/^al-/);
  expect(idAfter(59_999)).toBe(idAfter(0));
  expect(idAfter(60_000)).not.toBe(idAfter(0));
});

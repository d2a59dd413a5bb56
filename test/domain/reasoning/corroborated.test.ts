import { corroborated } from '../../../domain/reasoning/corroborated';
import type { EvidenceItem } from '../../../domain/evidence';

const item = (id: string, kind: EvidenceItem['kind'], service = 'bookshop', more: object = {}) =>
  ({ id, title: id, kind, service, ...more }) as unknown as EvidenceItem;
const items = [
  item('E01', 'metrics'),
  item('E02', 'anomaly'),
  item('E03', 'logs'),
  item('E04', 'logs', 'payments'),
  item('E05', 'change', 'bookshop', { change: { service: 'bookshop' } }),
  item('E06', 'release'),
  item('E07', 'neighbour', 'payments', { healthy: true }),
];

test.each([
  ['numbers and a change', ['E01', 'E05'], true],
  ['numbers and log lines, which an outsider can have written', ['E01', 'E03'], false],
  ['numbers alone', ['E01'], false],
  ['the same numbers twice', ['E01', 'E02'], false],
  ['log lines alone, of whatever many services', ['E03', 'E04'], false],
  ['numbers and what says nothing by itself', ['E01', 'E06', 'E07'], false],
  ['what is not in the evidence', ['E01', 'E99'], false],
  ['nothing', [], false],
])('%s: %p', (_what, supporting, found) => {
  expect(corroborated(supporting, { items })).toBe(found);
});

import { htmlReport } from '../../../domain/lookback/html/page';
import { change, lookBackOn, page } from '../../fakes/past/pieces';

const EVIL = '<script>alert(1)</script>"\'&\u202e';

test('text from outside never becomes markup, wherever it stands', () => {
  const where = { names: ['checkout'], resources: [], region: EVIL };
  const facts = [
    page(0, 20, { name: EVIL, summary: EVIL, severity: EVIL, where }),
    change(-1, { summary: EVIL, author: EVIL, link: `javascript:${EVIL}`, where: { names: ['checkout'], resources: [] } }),
  ];
  const text = htmlReport({ ...lookBackOn(facts), source: EVIL, gaps: [EVIL] });
  expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(text.match(/<script|javascript:|\u202e/g)).toBeNull();
});

test('the page loads nothing and runs nothing', () => {
  const text = htmlReport(lookBackOn([page(0, 20, { link: 'https://example.org/alarm' }), change(-1)]));
  expect(text.match(/<(?:script|link|img|iframe|object|embed)\b|@import|url\(|\son\w+=/g)).toBeNull();
  expect(text).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
});

test('every incident of the timeline leads to its section', () => {
  const text = htmlReport(lookBackOn([page(0, 20), page(300, 20), change(-1)]));
  const targets = [...text.matchAll(/href="#(past-\d+)"/g)].map(([, id]) => id);
  expect([...new Set(targets)]).toEqual([...text.matchAll(/<section class="incident" id="(past-\d+)"/g)].map(([, id]) => id));
});

test('a time without a page is a page that says so', () => {
  expect(htmlReport(lookBackOn([]))).toContain('0 pages, 0 incidents in 14 d');
});

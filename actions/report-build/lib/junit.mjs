/** Markup that holds no tests, then a tag: its name, its attributes, and whether it is closed at once. Values may hold `>`. */
const TOKEN = /<!--[^]*?(?:-->|$)|<!\[CDATA\[[^]*?(?:\]\]>|$)|<\?[^]*?(?:\?>|$)|<(\/?)([A-Za-z_][\w.:-]*)((?:[^>"']|"[^"]*"|'[^']*')*?)(\/?)>/g;
const SKIPPED_WORDS = /\b(?:status|result)\s*=\s*["'](?:notrun|skipped|disabled|suppressed)["']/i;

/**
 * Counts the tests of a JUnit XML report. There is no standard: what the common writers agree on is `testcase` with `failure`, `error` or `skipped` inside
 * (https://github.com/testmoapp/junitxml); a report without any test case but with totals counts by those of its outermost suites. Undefined for what is no such report.
 */
export function countTests(xml) {
  const state = { known: false, cases: 0, failed: 0, skipped: 0, open: undefined, depth: 0, totals: { total: 0, failed: 0, skipped: 0 } };
  for (const [, close, name, attributes, empty] of xml.matchAll(TOKEN)) {
    if (name === undefined) continue;
    const tag = name.replace(/^.*:/, '');
    if (close) endTag(state, tag);
    else startTag(state, tag, attributes, empty === '/');
  }
  if (!state.known) return undefined;
  if (state.open) endTag(state, 'testcase');
  return state.cases > 0 ? { total: state.cases, failed: state.failed, skipped: state.skipped } : state.totals;
}

/** The sum of some counts. */
export function addCounts(counts) {
  return counts.reduce((sum, each) => ({ total: sum.total + each.total, failed: sum.failed + each.failed, skipped: sum.skipped + each.skipped }), {
    total: 0,
    failed: 0,
    skipped: 0,
  });
}

function startTag(state, tag, attributes, empty) {
  if (tag === 'testsuite' || tag === 'testsuites') {
    state.known = true;
    if (tag === 'testsuite' && state.depth === 0) addTotals(state.totals, attributes);
    if (tag === 'testsuite' && !empty) state.depth += 1;
  } else if (tag === 'testcase') {
    state.known = true;
    if (state.open) endTag(state, 'testcase');
    state.open = { failed: false, skipped: SKIPPED_WORDS.test(attributes) };
    if (empty) endTag(state, 'testcase');
  } else if (state.open) {
    if (tag === 'failure' || tag === 'error') state.open.failed = true;
    if (tag === 'skipped') state.open.skipped = true;
  }
}

function endTag(state, tag) {
  if (tag === 'testsuite') state.depth = Math.max(0, state.depth - 1);
  if (tag !== 'testcase' || !state.open) return;
  state.cases += 1;
  if (state.open.failed) state.failed += 1;
  else if (state.open.skipped) state.skipped += 1;
  state.open = undefined;
}

function addTotals(totals, attributes) {
  const number = (name) => Math.max(0, Number(new RegExp(`\\b${name}\\s*=\\s*["'](\\d{1,9})["']`).exec(attributes)?.[1] ?? 0));
  const total = number('tests');
  const failed = Math.min(total, number('failures') + number('errors'));
  totals.total += total;
  totals.failed += failed;
  totals.skipped += Math.min(total - failed, number('skipped') + number('disabled'));
}

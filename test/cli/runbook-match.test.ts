import { sketched } from '../fakes/sketched-runbooks';
import type { FakeApi } from '../fakes/api';
import { startFakeApi } from '../fakes/api';
import { cli } from '../fakes/cli-harness';
import { SAMPLE_ID, sampleView } from '../fakes/incident-samples';

const runbooks = sketched({ drain: { title: 'Drain the queue', symptoms: ['queue is stuck'] }, flush: { title: 'Flush the cache' } });
const local = { deps: { loadCatalogue: () => ({ runbooks, problems: [] }) } };

describe('nightshift runbook match --text', () => {
  it('ranks the runbooks of this machine, without a running system, and says why', async () => {
    const { code, out } = await cli('http://127.0.0.1:1', ['runbook', 'match', '--text', 'WARN QueueStuck: orders'], local);
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual([
      'Only resemble it: text alone proposes nothing',
      expect.stringMatching(/^ {2}drain v1 {2}Drain the queue {2}\(text \d\.\d\d\)$/),
      '    - declared for bad-release',
      '    - its symptom "queue is stuck" stands in the text',
      '    - shares the words queue, stuck',
      '',
    ]);
  });

  it('is JSON where that is asked for', async () => {
    const { json } = await cli('http://127.0.0.1:1', ['runbook', 'match', '--text', 'the queue is stuck', '--json'], local);
    expect(json()).toMatchObject({ candidates: [{ runbook: 'drain', standing: 'near', score: expect.any(Number) as number }] });
  });

  it('says so when nothing resembles the text', async () => {
    expect(await cli('http://127.0.0.1:1', ['runbook', 'match', '--text', 'xyzzy'], local)).toMatchObject({
      code: 0,
      err: expect.stringContaining('none has a word in common') as string,
    });
  });

  it.each([[[]], [['--text', 'a', '--incident', 'b']], [['--text', ' ']]])('refuses %j with exit code 2', async (args) => {
    expect((await cli('http://127.0.0.1:1', ['runbook', 'match', ...args], local)).code).toBe(2);
  });
});

describe('nightshift runbook match --incident', () => {
  let api: FakeApi;
  beforeEach(async () => {
    api = await startFakeApi();
    api.state.incidents = [sampleView()];
  });
  afterEach(() => api.close());

  it('shows the ranking of the running system, outside text made safe', async () => {
    const of = { version: 1, score: 1.234 };
    api.state.ranking = {
      ...{ hypothesis: 'h', cause: 'bad-release', suspect: 'bookshop' },
      candidates: [
        { ...of, runbook: 'flush', title: 'Flush \u001b[31mit', standing: 'first', reasons: ['declared for bad-release'] },
        { ...of, runbook: 'drain', title: 'Drain', standing: 'not', reasons: ['not: needs hands.automations, which bookshop does not have'] },
      ],
    };
    const { code, out } = await cli(api.url, ['runbook', 'match', '--incident', SAMPLE_ID]);
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual([
      'For bad-release on bookshop',
      'Would be proposed',
      '  flush v1  Flush \\x1b[31mit  (text 1.23)',
      '    - declared for bad-release',
      'Declared for the cause, and cannot be given',
      '  drain v1  Drain  (text 1.23)',
      '    - not: needs hands.automations, which bookshop does not have',
      '',
    ]);
  });
});

import type { IncidentView, IncidentReason } from '../../domain/incident-view';
import type { MessageContext } from '../../domain/message';
import { MESSAGE_LINES, composeMessage, messageLines } from '../../domain/notification-text';
import { SAMPLE_DIGEST, SAMPLE_ID, sampleView } from '../fakes/incident-samples';

const CONTEXT: MessageContext = { now: Date.parse('2026-11-20T14:05:00Z'), apiUrl: 'http://127.0.0.1:7070' };

function textOf(view: IncidentView, reason: IncidentReason): string {
  return messageLines(composeMessage(view, reason, CONTEXT)).join('\n');
}

describe('the message of a proposal', () => {
  const text = textOf(sampleView(), 'proposed');

  it.each([
    ['what', 'Checkout fails for a quarter of the requests'],
    ['since when', '2026-11-20 14:01:40 UTC (3 m 20 s ago)'],
    ['who is affected', 'customers of bookshop who check out'],
    ['the cause', 'release 1.5.0 broke the checkout (bad-release, strength 0.92'],
    ['its evidence by id and title', 'E02 deployment of 1.5.0 by ana, 8 s before'],
    ['what speaks against it', 'against it: E05 memory at 40 %'],
    ['what was ruled out', 'payments failing: it answered normally (E04)'],
    ['what is not known', 'the logs of payments could not be read'],
    ['the exact change', 'deploy release 1.4.0 on bookshop'],
    ['the target', 'on local/local/bookshop-local/local/service/bookshop'],
    ['its inverse', 'deploy release 1.5.0 on bookshop'],
    ['what happens if nobody answers', 'expires 2026-11-23 14:05:00 UTC (in 3 d): nothing is changed, on-call is called; a reminder comes after 30 m'],
    ['how to approve', `npx nightshift incident approve ${SAMPLE_ID} --proposal ${SAMPLE_DIGEST}`],
    ['how to reject', `npx nightshift incident reject ${SAMPLE_ID} --proposal ${SAMPLE_DIGEST}`],
    ['the page in a browser', `http://127.0.0.1:7070/#/incidents/${SAMPLE_ID}`],
    ["the API's address", `POST http://127.0.0.1:7070/v1/incidents/${SAMPLE_ID}/decide`],
  ])('says %s', (_what, part) => {
    expect(text).toContain(part);
  });
});

test('the message of a proposal says of which commit its runbook is', () => {
  const { proposal } = sampleView();
  const { runbook, ...rest } = proposal!.proposal;
  const of = (origin: string): string => textOf(sampleView({ proposal: { ...proposal!, proposal: { ...rest, runbook: { ...runbook, origin } } } }), 'proposed');
  expect(of(`acme/ops@${'1a'.repeat(20)}:runbooks/back.yaml`)).toMatch(/ v\d+ of acme\/ops@1a1a1a1a1a1a, risk /);
  expect(of('built-in')).not.toContain('built-in');
});

describe('why this runbook', () => {
  const { diagnosis, proposal } = sampleView();
  const choice = {
    ...{ runbook: proposal!.proposal.runbook.id, reasons: ['declared for bad-release', '2 of its 3 symptoms stand in E02, E04'] },
    others: [{ runbook: 'restart-service', reason: 'possible, and comes later: risk high' }],
  };
  const told = sampleView({ diagnosis: { ...diagnosis!, choice }, triage: { impact: 'high', urgency: 'medium', reasons: ['impact high: tier critical'] } });

  it('stands on one line of a message', () => {
    expect(textOf(told, 'proposed')).toMatch(/Why this +declared for bad-release; 2 of its 3 symptoms stand in E02, E04\n/);
    expect(textOf(told, 'proposed')).not.toContain('impact high');
  });

  it('is told line by line with why not another, and how the severity came about, where all is shown', () => {
    const whole = composeMessage(told, 'proposed', { ...CONTEXT, whole: true }).sections;
    expect(whole.find(({ label }) => label === 'Why this')?.lines).toEqual([...choice.reasons, 'restart-service: possible, and comes later: risk high']);
    expect(whole.find(({ label }) => label === 'Severity')?.lines).toEqual(['impact high: tier critical']);
  });

  it('is not told of a runbook that another proposal has replaced', () => {
    expect(textOf(sampleView({ diagnosis: { ...diagnosis!, choice: { ...choice, runbook: 'other' } } }), 'proposed')).not.toContain('Why this');
  });

  it('gives way first where a message would not fit one screen', () => {
    const lines = Array.from({ length: 30 }, () => 'x');
    const sections = [
      { label: 'Cause', lines },
      { label: 'Why this', lines: ['y'] },
    ];
    expect(messageLines({ title: 't', sections }).join('\n')).not.toContain('Why this');
  });
});

describe('the size of a message', () => {
  const many = (count: number, text: string): string[] => Array.from({ length: count }, (_, i) => `${text} ${i} ${'x'.repeat(500)}`);

  function hugeView(): IncidentView {
    const { diagnosis, proposal } = sampleView();
    return sampleView({
      reason: 'r'.repeat(900),
      diagnosis: {
        ...diagnosis!,
        ruledOut: many(9, 'cause').map((title) => ({ title, reason: 'no', evidence: ['E01'] })),
        unknown: many(5, 'unknown'),
      },
      proposal: { ...proposal!, proposal: { ...proposal!.proposal, preview: many(9, 'step'), inverse: many(9, 'undo') } },
    });
  }

  it('is at most one screen, however much there is to say, with the answer whole', () => {
    const lines = messageLines(composeMessage(hugeView(), 'proposed', CONTEXT));
    expect(lines.length).toBeLessThanOrEqual(MESSAGE_LINES);
    expect(lines.join('\n')).toContain(`--proposal ${SAMPLE_DIGEST}`);
    expect(lines.at(-1)).toContain('/decide');
  });

  it('says how many steps it leaves out', () => {
    expect(textOf(hugeView(), 'proposed')).toContain('and 7 more steps');
  });

  it('leaves nothing out when it is composed whole', () => {
    const whole = composeMessage(hugeView(), 'proposed', { ...CONTEXT, whole: true });
    expect(whole.sections.find((s) => s.label === 'Change')?.lines).toHaveLength(12);
    expect(whole.sections.find((s) => s.label === 'Ruled out')?.lines).toHaveLength(9);
  });
});

describe('other messages', () => {
  it('say plainly that the cause is undetermined and how to take over', () => {
    const { proposal: _, ...rest } = sampleView();
    const view: IncidentView = {
      ...rest,
      status: 'escalated',
      reason: 'nothing in the evidence tells',
      diagnosis: { ...rest.diagnosis!, verdict: 'undetermined', hypotheses: [] },
    };
    const text = textOf(view, 'escalated');
    expect(text).toContain('undetermined');
    expect(text).toContain('payments failing: it answered normally (E04)');
    expect(text).toContain(`npx nightshift incident take-over ${SAMPLE_ID}`);
    expect(text).not.toContain('--proposal');
  });

  it('tell the outcome and the whole time when it is over', () => {
    const view = sampleView({
      status: 'resolved',
      resolvedAt: '2026-11-20T14:11:40.000Z',
      outcome: { kind: 'fixed', runbook: 'rollback-release', summary: 'error share fell to 0' },
    });
    expect(textOf(view, 'resolved')).toContain('until 2026-11-20 14:11:40 UTC (10 m)');
    expect(textOf(view, 'resolved')).toContain('error share fell to 0');
  });

  it('never offer to approve a proposal that is no longer open', () => {
    const { proposal } = sampleView();
    expect(textOf(sampleView({ proposal: { ...proposal!, state: 'expired' } }), 'reminder')).not.toContain('incident approve');
  });

  it('are loud about break-glass', () => {
    expect(textOf(sampleView(), 'break-glass')).toContain('BREAK-GLASS');
  });

  it('hold no control character of outside text', () => {
    const text = textOf(sampleView({ title: 'bad \u001b[31m title\nwith a second line' }), 'proposed');
    expect(text).toContain('bad \\x1b[31m title with a second line');
  });
});

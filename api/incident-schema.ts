import { z } from 'zod';
import { CAUSES, MODES, SEVERITIES, STATUSES, TIERS, VERDICTS } from '../domain/names';
import { PROPOSAL_STATES } from '../domain/incident-view';
import { REJECTION_CODES } from '../domain/rejection';
import { LEVELS } from '../domain/triage-rules';

/** A time in ISO 8601. */
export const time = z.string().meta({ format: 'date-time' });

const words = z.record(z.string(), z.string());

const condition = z
  .looseObject({
    fingerprint: z.string(),
    name: z.string(),
    source: z.string(),
    status: z.enum(['firing', 'resolved']),
    severity: z.enum(SEVERITIES),
    summary: z.string(),
    startsAt: time,
    signal: z.string().optional(),
    anomaly: z.string().optional().meta({ description: 'Anomaly of our detector that it comes from.' }),
    noData: z.literal(true).optional().meta({ description: 'It ended as no data of it comes any more: whether it is well is not known.' }),
    shortage: z
      .looseObject({
        from: z.number().meta({ description: 'The earliest that the limit is broken, epoch milliseconds.' }),
        until: z.number().meta({ description: 'The last that it is, as far as the forecast reaches, epoch milliseconds.' }),
        factor: z.number().meta({ description: 'How many times what there is now it would take.' }),
      })
      .optional()
      .meta({ description: 'What a prediction of our own says in numbers, where it is of something that fills up.' }),
    service: z.string().optional(),
    joined: z.string().optional().meta({ description: 'Why it is in the incident of another service.' }),
  })
  .meta({ id: 'Condition', title: 'Condition', description: 'An alert as the incident knows it: repeated messages of one condition are one.' });

const hypothesis = z
  .looseObject({
    id: z.string(),
    cause: z.enum(CAUSES),
    title: z.string(),
    score: z.number().meta({ description: 'Strength, 0 to 1; a ranking, not a probability.' }),
    supporting: z.array(z.string()).meta({ description: 'Ids of evidence.' }),
    contradicting: z.array(z.string()),
    suspect: z.string().optional(),
    runbook: z.string().optional(),
    parameters: words.optional(),
  })
  .meta({ id: 'Hypothesis', title: 'Hypothesis' });

const advice = z
  .looseObject({
    note: z.string().meta({ description: 'Where the diagnosis comes from, or why no model was heard.' }),
    supports: z.array(z.string()).meta({ description: 'Hypotheses that the model supports, by id.' }),
    disputes: z.array(z.string()),
    explanation: z.string().optional(),
    unknown: z.array(z.string()),
    suggestions: z.array(z.looseObject({ cause: z.enum(CAUSES), statement: z.string(), evidence: z.array(z.string()), runbook: z.string().optional() })),
    runbook: z.string().optional().meta({ description: 'Another declared runbook for the first hypothesis, that a person may take instead.' }),
    askPerson: z.array(z.string()).meta({ description: 'Why nothing is done without a person now, whatever policy allows.' }),
  })
  .meta({
    ...{ id: 'Advice', title: 'Advice' },
    description: 'What a language model said beside the statistics: it decides nothing. Its sentences are text from outside; escape them where you show them.',
  });

const diagnosis = z
  .looseObject({
    verdict: z.enum(['determined', 'undetermined']),
    hypotheses: z.array(hypothesis).meta({ description: 'Strongest first.' }),
    ruledOut: z.array(z.looseObject({ title: z.string(), reason: z.string(), evidence: z.array(z.string()) })),
    unknown: z.array(z.string()),
    evidenceDigest: z.string(),
    evidence: words.meta({ description: 'Id of evidence to its title.' }),
    onset: time,
    choice: z
      .looseObject({
        runbook: z.string().optional().meta({ description: 'The one that would be proposed; absent where none can be given.' }),
        reasons: z.array(z.string()),
        others: z.array(z.looseObject({ runbook: z.string(), reason: z.string() })),
      })
      .optional()
      .meta({ description: 'Why this runbook, where runbooks were looked at.' }),
    advice: advice.optional(),
    ranked: z
      .looseObject({
        verdict: z.enum(['named', 'undetermined']),
        confidence: z.enum(['high', 'low']),
        reasons: z.array(z.string()),
        causes: z.array(
          z.looseObject({
            service: z.string(),
            probability: z.number(),
            supporting: z.array(z.looseObject({ text: z.string(), evidence: z.array(z.string()) })),
            contradicting: z.array(z.looseObject({ text: z.string(), evidence: z.array(z.string()) })),
          }),
        ),
      })
      .optional()
      .meta({ description: 'Services ranked as root causes over the call graph, where more than one was measured.' }),
  })
  .meta({ id: 'Diagnosis', title: 'Diagnosis' });

const proposal = z
  .looseObject({
    digest: z.string().meta({ description: 'What a decision names: it covers every other field.' }),
    runbook: z.looseObject({
      id: z.string(),
      version: z.number().int(),
      hash: z.string(),
      title: z.string(),
      about: z.string().optional(),
      origin: z.string().optional().meta({ description: 'Where it was read; what runs is the content of that hash.' }),
    }),
    suspect: z.string().meta({ description: 'Service that is acted on.' }),
    target: z.looseObject({ provider: z.string(), partition: z.string(), account: z.string(), region: z.string(), kind: z.string(), id: z.string() }),
    parameters: words,
    preview: z.array(z.string()).meta({ description: 'Exactly what would be done.' }),
    inverse: z.array(z.string()).meta({ description: 'How it is undone; empty when it cannot be.' }),
    risk: z.enum(['low', 'medium', 'high']),
    reversible: z.boolean(),
    author: z.string().optional(),
  })
  .meta({ id: 'Proposal', title: 'Proposal' });

const shownProposal = z
  .looseObject({
    proposal,
    policy: z.looseObject({
      mode: z.enum(MODES).meta({ description: 'For this incident: what policy allows, or what of it the record allows.' }),
      reason: z.string(),
      ceiling: z.enum(MODES).optional().meta({ description: 'What policy allows.' }),
      confidence: z.number().min(0).max(1).optional().meta({ description: 'Probability of verified recovery that is proven.' }),
      outcomes: z.number().optional().meta({ description: 'Outcomes that prove it, after decay.' }),
      reasons: z.array(z.string()).optional(),
      grantedBy: z.string().optional().meta({ description: 'Person whose grant it acts on.' }),
      corroborated: z.boolean().optional().meta({ description: 'Two sources that do not depend on each other support the cause.' }),
      score: z.number().optional().meta({ description: "The diagnosis' own score." }),
      quorum: z.number().int(),
      approvers: z.array(z.string()),
      escalateTo: z.string(),
    }),
    expiresAt: time,
    approvals: z.array(z.string()),
    unasked: z.boolean().optional().meta({ description: 'It began without the answers that it would have needed.' }),
    actsAt: time.optional().meta({ description: 'It is done then without an answer, unless a person objects.' }),
    state: z.enum(PROPOSAL_STATES),
    rejection: z
      .looseObject({ person: z.string(), code: z.enum(REJECTION_CODES).optional(), reason: z.string().optional(), signed: z.boolean() })
      .optional()
      .meta({ description: 'Who rejected it and why.' }),
  })
  .meta({ id: 'ShownProposal', title: 'ShownProposal', description: 'A proposal with what policy said of it, and what became of it so far.' });

const remediation = z
  .looseObject({
    workflowId: z.string(),
    target: z.string(),
    runbook: z.string(),
    effects: z.array(z.string()),
    verdict: z.enum(VERDICTS).optional(),
    verification: z.string().optional(),
  })
  .meta({ id: 'Remediation', title: 'Remediation' });

/** The projection of an incident, as a list and a single answer show it. */
export const incidentView = z
  .looseObject({
    incidentId: z.string(),
    workflowId: z.string(),
    runId: z.string(),
    workflowVersion: z.number().int().optional().meta({ description: 'Version of its workflow; absent where it is older than this was told.' }),
    environment: z.string(),
    service: z.string(),
    owner: z.string().optional().meta({ description: 'Who answers for the service, or the catch-all.' }),
    tier: z.enum(TIERS).optional(),
    title: z.string(),
    affected: z.string(),
    severity: z.enum(SEVERITIES),
    triage: z
      .looseObject({ impact: z.enum(LEVELS), urgency: z.enum(LEVELS), reasons: z.array(z.string()) })
      .optional()
      .meta({ description: 'How the severity came about; absent before triage.' }),
    status: z.enum(STATUSES),
    openedAt: time,
    updatedAt: time,
    resolvedAt: time.optional(),
    predecessor: z.string().optional().meta({ description: 'Incident that this one comes back from.' }),
    joined: z
      .array(z.looseObject({ service: z.string(), conditions: z.number().int(), firing: z.number().int(), reason: z.string() }))
      .optional()
      .meta({ description: 'Services whose alerts joined it, and why the first one did.' }),
    related: z
      .array(z.looseObject({ incidentId: z.string(), reason: z.string() }))
      .optional()
      .meta({ description: 'Other incidents that have to do with it.' }),
    alerts: z.array(condition),
    alertCount: z.number().int(),
    round: z.number().int(),
    cause: z.enum(CAUSES).optional(),
    diagnosis: diagnosis.optional(),
    proposal: shownProposal.optional(),
    remediation: remediation.optional(),
    acknowledgedBy: z.string().optional(),
    takenBy: z.string().optional(),
    outcome: z
      .looseObject({
        kind: z.enum(['fixed', 'recovered-unaided', 'resolved-by-person']),
        runbook: z.string().optional(),
        summary: z.string(),
        byHand: z.looseObject({ what: z.string(), runbook: z.string().optional() }).optional().meta({ description: 'What the person who closed it did.' }),
      })
      .optional(),
    reason: z.string().optional().meta({ description: 'Why a person is needed, or what ended it.' }),
    version: z.number().int().meta({ description: 'Number of audit records in it; a newer view has more.' }),
  })
  .meta({ id: 'Incident', title: 'Incident' });

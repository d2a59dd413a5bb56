import { z } from 'zod';
import { cleanId, cleanText, digestId } from '../outside-text';
import { readySilence, type Silence } from './silence';

const matcher = z.object({ name: z.string().min(1).max(200), value: z.string().max(1000), isRegex: z.boolean(), isEqual: z.boolean().default(true) });

/** A silence as `GET /api/v2/silences` gives it: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml. */
const told = z.object({
  id: z.string().min(1).max(200),
  status: z.object({ state: z.string() }),
  matchers: z.array(matcher).min(1).max(50),
  startsAt: z.iso.datetime({ offset: true }),
  endsAt: z.iso.datetime({ offset: true }),
  createdBy: z.string().default(''),
  comment: z.string().default(''),
});

/** What was read: the silences in force, and a sentence about each that cannot be used, which then silences nothing. */
export interface ImportedSilences {
  readonly silences: readonly Silence[];
  readonly problems: readonly string[];
}

/** Silences that are read at most from one Alertmanager. */
const MOST = 1000;

/** Reads the answer of an Alertmanager. `from` names it. Only active ones count, and for a look back (`states`) those that are over: pending ones come when they begin. Throws what zod throws for what is no list. */
export function readSilences(body: unknown, from: string, states: readonly string[] = ['active']): ImportedSilences {
  const silences: Silence[] = [];
  const problems: string[] = [];
  const list = z.array(z.unknown()).parse(body);
  if (list.length > MOST) problems.push(`${from} has ${String(list.length)} silences; the first ${String(MOST)} are read.`);
  for (const each of list.slice(0, MOST)) {
    const read = told.safeParse(each);
    if (!read.success) problems.push(`A silence of ${from} cannot be read: ${z.prettifyError(read.error).split('\n')[0] ?? ''}`);
    else if (states.includes(read.data.status.state)) take(read.data, from, { silences, problems });
  }
  return { silences, problems };
}

function take(
  { id, matchers, startsAt, endsAt, createdBy, comment }: z.output<typeof told>,
  from: string,
  found: { silences: Silence[]; problems: string[] },
): void {
  const silence: Silence = {
    id: digestId('am', [from, id]),
    ...{ origin: 'alertmanager', match: {}, matchers, from },
    owner: cleanText(createdBy, 128) || 'unknown',
    reason: cleanText(comment, 500) || 'no reason was given',
    startsAt: Date.parse(startsAt),
    endsAt: Date.parse(endsAt),
  };
  try {
    // What must be hidden cannot be kept, and without it the silence would be about something else.
    if (matchers.some(({ name, value }) => [name, value].some((text) => cleanId(text, 1000) !== text)))
      throw new Error('a matcher holds what looks like a secret');
    readySilence(silence);
    found.silences.push(silence);
  } catch (error) {
    found.problems.push(`The silence ${cleanText(id, 64)} of ${from} cannot be used: ${cleanText(error instanceof Error ? error.message : '', 200)}.`);
  }
}

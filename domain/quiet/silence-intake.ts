import { z } from 'zod';
import { defined } from '../defined';
import { durationComplaint, formatDuration, parseDuration } from '../duration';
import { NightshiftError } from '../errors';
import { SEVERITIES } from '../names';
import { isoTime } from '../outside-schemas';
import { cleanText, digestId } from '../outside-text';
import type { Silence } from './silence';

const glob = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .meta({ description: '`*` stands for any characters.', examples: ['book*'] });
const line = (max: number) => z.string().trim().min(1).max(max);

/** Schema of a silence as a person asks for it. */
export const silenceInput = z
  .strictObject({
    match: z
      .strictObject({
        service: glob.optional(),
        environment: glob.optional(),
        title: glob.optional(),
        severity: z.array(z.enum(SEVERITIES)).min(1).optional(),
        labels: z
          .record(z.string().min(1).max(64), glob)
          .refine((labels) => Object.keys(labels).length <= 24, { error: 'must hold at most 24 labels' })
          .optional(),
      })
      .refine((match) => Object.keys(match).length > 0, { error: 'fits everything; say what is silenced, or {"environment": "*"} where you mean everything' })
      .meta({ description: 'Which alerts; all that is given must fit.' }),
    reason: line(500).meta({ examples: ['new shelves'] }),
    owner: line(128).optional().meta({ description: 'Person or team that answers for it; you when absent.' }),
    startsAt: isoTime('When it begins; now when absent.').optional(),
    endsAt: isoTime('When it ends. Give this or `for`.').optional(),
    for: z
      .string()
      .refine((text) => durationComplaint(text) === undefined, { error: (issue) => durationComplaint(issue.input) ?? '' })
      .optional()
      .meta({ description: 'How long it lasts. Give this or `endsAt`.', examples: ['2h'] }),
  })
  .refine((silence) => (silence.endsAt === undefined) !== (silence.for === undefined), { error: 'must have an end: give either for, such as 2h, or endsAt' })
  .meta({ id: 'NewSilence', title: 'NewSilence', examples: [{ match: { service: 'book*' }, for: '2h', reason: 'new shelves' }] });

/** A silence of a person, from `now` (epoch milliseconds). `salt` makes its id. Throws `invalid_input` where it is over already, or longer than `longestMs` away. */
export function newSilence(
  input: z.output<typeof silenceInput>,
  { person, now, longestMs, salt }: { readonly person: string; readonly now: number; readonly longestMs: number; readonly salt: string },
): Silence {
  const startsAt = input.startsAt === undefined ? now : Math.max(now, Date.parse(input.startsAt));
  const endsAt = input.for === undefined ? Date.parse(input.endsAt ?? '') : startsAt + parseDuration(input.for);
  if (endsAt <= startsAt) throw wrong('endsAt', 'lies before its begin, or is over already');
  if (endsAt - now > longestMs)
    throw wrong(input.for === undefined ? 'endsAt' : 'for', `lies more than ${formatDuration(longestMs)} away, which is the longest (alerts.silences.longest)`);
  const { service, environment, title, severity, labels } = input.match;
  const clean = (text: string | undefined): string | undefined => (text === undefined ? undefined : cleanText(text, 200));
  const match = defined({
    ...{ service: clean(service), environment: clean(environment), title: clean(title), severity },
    labels: labels && Object.fromEntries(Object.entries(labels).map(([name, text]) => [cleanText(name, 64), cleanText(text, 200)])),
  });
  return {
    id: digestId('sil', [salt, match, startsAt]).slice(0, 20),
    ...{ origin: 'person', match, owner: cleanText(input.owner ?? person, 128), reason: cleanText(input.reason, 500), startsAt, endsAt },
  };
}

function wrong(path: string, message: string): NightshiftError {
  return new NightshiftError('invalid_input', `The silence cannot be made: ${path} ${message}.`, [{ path, message }]);
}

import { z } from 'zod';
import { mappingBody, mappingName } from '../domain/sources/mapping-schema';
import { SOURCES } from '../domain/sources/recognise';
import { secretField } from './fields';

/** Secrets that count at the same time: of several webhooks, or the old and the new one while they change. */
const MOST_SECRETS = 8;
const MOST_TOPICS = 100;

const secrets = z.union([secretField, z.array(secretField).min(1).max(MOST_SECRETS)], {
  error: 'must be {env: NAME} or {file: path}, or a list of those while a secret changes; a secret itself is never written here',
});
const topic = z.string().regex(/^arn:aws(?:-[a-z]+)*:sns:[a-z0-9-]{3,40}:\d{12}:[A-Za-z0-9_-]{1,256}$/, {
  error: 'is not the ARN of a topic; write it as `aws sns list-topics` does, such as arn:aws:sns:eu-central-1:123456789012:alarms',
});

const signed = z.strictObject({ secret: secrets });
const overSns = z.strictObject({ topics: z.array(topic).min(1).max(MOST_TOPICS) });

/** Pushed sources: secrets of those that sign, topics that may send, and sources of one's own, which are read by a mapping. */
export const sourcesSchema = z
  .object({
    ...{ github: signed.optional(), pagerduty: signed.optional(), terraform: signed.optional() },
    ...{ cloudwatch: overSns.optional(), codebuild: overSns.optional(), codedeploy: overSns.optional(), codepipeline: overSns.optional() },
  })
  .catchall(
    z.strictObject(
      { mapping: mappingBody },
      { error: 'must hold a mapping; sources that need no key are github, pagerduty and terraform, and those over SNS' },
    ),
  )
  .superRefine((told, context) => {
    for (const [name, source] of Object.entries(told)) {
      if (source === undefined || !('mapping' in source)) continue;
      const taken = SOURCES.some((each) => each.name === name) ? 'is read by Nightshift itself; give the mapping another name' : undefined;
      const complaint = taken ?? mappingName.safeParse(name).error?.issues[0]?.message;
      if (complaint !== undefined) context.addIssue({ code: 'custom', path: [name], message: complaint });
    }
  });

/** The section as written in the file. */
export type SourcesSource = z.output<typeof sourcesSchema>;

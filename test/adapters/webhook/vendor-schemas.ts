import { z } from 'zod';

// Written by hand from the vendors' documentation, as they publish no schema for these bodies:
// PagerDuty "Events API v2: send an alert event" and Slack "Block Kit" (header, section, context) with "incoming webhooks".

const httpUrl = z.url({ protocol: /^https?$/ });

const pagerdutyHead = { routing_key: z.string().length(32), dedup_key: z.string().min(1).max(255) };

/** An event that PagerDuty takes. Only a trigger needs a payload. */
export const pagerdutyEvent = z.discriminatedUnion('event_action', [
  z.strictObject({
    ...pagerdutyHead,
    event_action: z.literal('trigger'),
    payload: z.strictObject({
      summary: z.string().min(1).max(1024),
      source: z.string().min(1),
      severity: z.enum(['critical', 'error', 'warning', 'info']),
      timestamp: z.iso.datetime(),
      component: z.string().optional(),
      group: z.string().optional(),
      class: z.string().optional(),
      custom_details: z.record(z.string(), z.string()).optional(),
    }),
    client: z.string().optional(),
    client_url: httpUrl.optional(),
    links: z.array(z.strictObject({ href: httpUrl, text: z.string().optional() })).optional(),
    images: z.array(z.unknown()).optional(),
  }),
  z.strictObject({ ...pagerdutyHead, event_action: z.enum(['acknowledge', 'resolve']) }),
]);

// A bare `<` or `>`, or an ampersand that is none of Slack's three entities, would be read as markup.
const escapedText = z.string().regex(/^(?:[^<>&]|&(?:amp|lt|gt);)*$/u);
const mrkdwn = (limit: number) => z.strictObject({ type: z.literal('mrkdwn'), text: escapedText.min(1).max(limit), verbatim: z.literal(true) });

/** A message that a Slack incoming webhook takes, and that mentions nobody. */
export const slackMessage = z.strictObject({
  text: escapedText.min(1).max(40_000),
  blocks: z
    .array(
      z.discriminatedUnion('type', [
        z.strictObject({
          type: z.literal('header'),
          text: z.strictObject({ type: z.literal('plain_text'), text: z.string().min(1).max(150), emoji: z.boolean().optional() }),
        }),
        z.strictObject({ type: z.literal('section'), text: mrkdwn(3000) }),
        z.strictObject({ type: z.literal('context'), elements: z.array(mrkdwn(2000)).min(1).max(10) }),
      ]),
    )
    .min(1)
    .max(50),
});

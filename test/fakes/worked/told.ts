import type { FakeWebhook } from '../webhook';

/** A message as a receiver got it, in the form of Slack or in ours; `whole` is all of its text. */
export interface ToldMessage {
  readonly title: string;
  readonly whole: string;
}

/** What somebody was told, in order. */
export function messagesTold({ received }: FakeWebhook): readonly ToldMessage[] {
  return received.map(({ body }) => {
    const { text, title } = JSON.parse(body) as { readonly text: string; readonly title?: string };
    return { title: title ?? text, whole: body };
  });
}

/** The titles of it. */
export function titlesTold(receiver: FakeWebhook): readonly string[] {
  return messagesTold(receiver).map(({ title }) => title);
}

import type { Message, MessageSection } from '../../domain/message';
import type { Notification } from '../../domain/notification';
import { clip } from '../../domain/plain-text';

/** Slack's own limits for one message. */
const HEADER_LIMIT = 150;
const SECTION_LIMIT = 3000;
const BLOCK_LIMIT = 50;

type Block = Readonly<Record<string, unknown>>;

/** Body for a Slack incoming webhook: `text` for the notification line, and blocks. Outside text cannot mention anyone or make a link. */
export function slackBody(notification: Notification, message: Message): Readonly<Record<string, unknown>> {
  const header: Block = { type: 'header', text: { type: 'plain_text', text: clip(message.title, HEADER_LIMIT), emoji: false } };
  const footer: Block = {
    type: 'context',
    elements: [mrkdwn(escapeMrkdwn(footing(notification)))],
  };
  const sections = message.sections.map(sectionBlock).slice(0, BLOCK_LIMIT - 2);
  return { text: escapeMrkdwn(message.title), blocks: [header, ...sections, footer] };
}

function footing(notification: Notification): string {
  return 'view' in notification ? `${notification.incidentId} · round ${notification.round} · ${notification.at}` : `${notification.id} · ${notification.at}`;
}

/** Escapes the three characters that Slack treats as markup, so that `<!channel>` in outside text stays text. */
export function escapeMrkdwn(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function sectionBlock({ label, lines, code }: MessageSection): Block {
  const heading = `*${escapeMrkdwn(label)}*\n`;
  const fence = code === true ? '```' : '';
  const room = SECTION_LIMIT - heading.length - 2 * fence.length;
  return { type: 'section', text: mrkdwn(`${heading}${fence}${clipEscaped(lines, room)}${fence}`) };
}

/** Shortens before it escapes, so that no `&amp;` is cut in two. Slack counts the escaped text. */
function clipEscaped(lines: readonly string[], room: number): string {
  const whole = lines.join('\n');
  const escaped = escapeMrkdwn(whole);
  if (escaped.length <= room) return escaped;
  let size = [...whole].length;
  let shortened = escaped;
  while (shortened.length > room) {
    size -= Math.max(1, Math.ceil((shortened.length - room) / 5));
    shortened = escapeMrkdwn(clip(whole, size));
  }
  return shortened;
}

/** `verbatim` keeps Slack from turning names and addresses inside the text into mentions and links. */
function mrkdwn(text: string): Block {
  return { type: 'mrkdwn', text, verbatim: true };
}

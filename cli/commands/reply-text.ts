import { plainText } from '../../domain/plain-text';
import type { Reply } from '../../ports/incidents';

/** An incident's answer to a person, as one line. */
export function replyText(reply: Reply): string {
  return plainText(reply.message === '' ? reply.result : `${reply.result}: ${reply.message}`);
}

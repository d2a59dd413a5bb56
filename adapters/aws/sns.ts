import type { Sns } from '../../ports/sns';
import { snsCertificates } from './sns-certificates';
import { snsSubscriptions } from './sns-subscriptions';

/** Amazon SNS as it is reached over the internet. */
export function sns({ timeoutMs }: { readonly timeoutMs: number }): Sns {
  return { certificates: snsCertificates({ timeoutMs }), subscriptions: snsSubscriptions({ timeoutMs }) };
}

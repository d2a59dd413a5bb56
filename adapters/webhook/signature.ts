import { createHmac } from 'node:crypto';

/** Value of the header `Nightshift-Signature`: `t=<unix seconds>,v1=<hex HMAC-SHA-256 of "t.body">`. The time lets a receiver refuse old copies. */
export function signBody(secret: string, body: string, unixSeconds: number): string {
  const mac = createHmac('sha256', secret).update(`${unixSeconds}.${body}`).digest('hex');
  return `t=${unixSeconds},v1=${mac}`;
}

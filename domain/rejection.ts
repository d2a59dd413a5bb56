/** Why a person rejects a proposal, most telling first. */
export const REJECTION_CODES = ['wrong-cause', 'wrong-runbook', 'wrong-target', 'too-risky', 'bad-time', 'already-fixed', 'duplicate', 'other'] as const;
/** Why a person rejects a proposal; the words beside it say more. */
export type RejectionCode = (typeof REJECTION_CODES)[number];

/** Each code in a few words, for people. */
export const REJECTION_TEXTS: Readonly<Record<RejectionCode, string>> = {
  'wrong-cause': 'it is another cause',
  'wrong-runbook': 'the cause is right, this remedy is not',
  'wrong-target': 'it would act on the wrong service',
  'too-risky': 'it may be right and risks too much',
  'bad-time': 'right, but not now',
  'already-fixed': 'somebody has done it, or it is well again',
  duplicate: 'another incident or person is at it',
  other: 'something else; the reason says what',
};

/** Codes that say that the choice itself was wrong; only these count against a runbook. */
const BLAMES: readonly RejectionCode[] = ['wrong-cause', 'wrong-runbook', 'wrong-target'];

/** Whether a rejection says that this runbook was the wrong choice for this kind of incident. */
export function blames(code: RejectionCode | undefined): boolean {
  return code !== undefined && BLAMES.includes(code);
}

/** Whether a text is a code. */
export function isRejectionCode(text: unknown): text is RejectionCode {
  return REJECTION_CODES.some((code) => code === text);
}

/** Code and words of a rejection as one clause: `wrong-cause: it was the network`; empty where neither was given. */
export function rejectionText(code: RejectionCode | undefined, reason: string | undefined): string {
  return [code, reason].filter((part) => part !== undefined).join(': ');
}

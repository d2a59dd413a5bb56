import type { ActionSpec } from './action';

/**
 * Leads all traffic of an alias to one version. Doing it again does no harm, and that is owed to the revision: each attempt names the revision of the alias that it has read, and Lambda refuses
 * one that comes after any other change. So an attempt that was late, or went out twice, changes nothing once another has, and nobody's later change is ever overwritten.
 * https://docs.aws.amazon.com/lambda/latest/api/API_UpdateAlias.html
 */
export const lambdaAlias = {
  summary: 'leads all traffic of an alias to one version, or puts back what was',
  inputs: {
    to: {
      type: 'string',
      description: 'Version to lead to; its main version when left out, so that a canary is taken back.',
      pattern: '[1-9][0-9]{0,18}',
      optional: true,
    },
    restore: {
      type: 'enum',
      description: 'For an inverse: puts back what was before the shift of the same incident.',
      values: ['true'],
      optional: true,
    },
  },
  again: 'safe',
  trace: 'world',
  settleMs: 15_000,
  part: 'lambda',
} as const satisfies ActionSpec;

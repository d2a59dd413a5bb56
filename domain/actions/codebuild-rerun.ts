import type { ActionSpec } from './action';

/**
 * Builds the commit of a failed build again, without a cache. CodeBuild takes a token twice for one for five minutes only; what makes it safe is the search, which is exact: the token stands in
 * the environment of the build, and every build of the project is listed within seconds of its start. So it is begun again after this time only when the list holds no build with it, and within
 * the five minutes CodeBuild itself answers with the build that is there. https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StartBuild.html
 */
export const codebuildRerun = {
  summary: 'builds the commit of a failed build again, without a cache',
  inputs: {
    build: {
      type: 'string',
      description: 'Id of the failed build; the newest failed one of the project when left out.',
      pattern: '[A-Za-z0-9][A-Za-z0-9_-]{1,254}:[0-9a-zA-Z-]{1,64}',
      optional: true,
    },
  },
  again: 'safe',
  trace: 'world',
  settleMs: 30_000,
  part: 'codebuild',
} as const satisfies ActionSpec;

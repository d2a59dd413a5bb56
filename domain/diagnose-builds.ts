import { scoreOf, type Facts, type ItemOf } from './diagnose-facts';
import { FAILED_BUILD } from './diagnose-weights';
import type { Hypothesis } from './diagnosis';
import { defined } from './defined';
import { mostFail } from './build-rerun';
import { nameOf } from './evidence-builds';

/** CodeBuild's own id in the ARN that our id of its builds ends with. */
const CODEBUILD = /^codebuild:.*:build\/([^/]+)$/;
const CODEPIPELINE = /^codepipeline:([0-9a-f-]{36}):/;
const GITHUB = /^github:[^/]+\/[^/]+\/runs\/(\d+)\//;

/** Each failed build as a hypothesis, with what speaks for and against building it again. */
export function failedBuilds(facts: Facts): Hypothesis[] {
  return facts.builds.filter(({ what }) => what === 'failed').map((item) => hypothesisOf(facts, item));
}

function hypothesisOf(facts: Facts, item: ItemOf<'build'>): Hypothesis {
  const about = facts.builds.filter((each) => each.failed === item.failed && each !== item);
  const before = about.find(({ what }) => what === 'passed-before');
  const after = about.find(({ what }) => what === 'after');
  const others = facts.otherBuilds.find((each) => each.ofBuild === item.failed);
  const failedToo = others !== undefined && mostFail(others);
  const again = after?.class === 'broken';
  const futile = again || after?.build.result === 'succeeded';
  const title = [`${nameOf(item.build)} failed${item.build.where === undefined ? '' : ` ${item.build.where}`}`];
  if (before) title.push('the same commit passed before');
  if (failedToo) title.push('most pipelines of other services failed at the time too');
  if (after?.class !== undefined) title.push(`${after.class === 'undecided' ? 'built again, it is undecided' : after.class}`);
  return {
    id: `build:${item.failed}`,
    cause: 'failed-build',
    title: title.join('; '),
    score: scoreOf(FAILED_BUILD.failed, before ? FAILED_BUILD.passedBefore : 0, failedToo ? FAILED_BUILD.othersToo : 0, again ? FAILED_BUILD.failedAgain : 0),
    supporting: [item.id, ...(before ? [before.id] : []), ...(failedToo ? [others.id] : [])],
    contradicting: after && futile ? [after.id] : [],
    suspect: item.service,
    ...(futile ? {} : { runbook: 'rerun-build', parameters: parametersOf(item.build.id) }),
  };
}

/** What names it where it was made: CodeBuild's id of the build, the execution of CodePipeline, the run of GitHub Actions. */
function parametersOf(id: string): Readonly<Record<string, string>> {
  return defined({ build: CODEBUILD.exec(id)?.[1], execution: CODEPIPELINE.exec(id)?.[1], run: GITHUB.exec(id)?.[1] });
}

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BUILD_ID, EXECUTION, hookStage, job, putJob, putTold, told } from './stage';
import type { HookStage } from './stage';

const ANOMALOUS = { verdict: 'anomalous', reason: 'duration 4 min, where 1 min is usual' } as const;
const OF = { pipeline: 'checkout', execution: EXECUTION };

describe("a pipeline's job", () => {
  let stage: HookStage;
  const start = async (options?: Parameters<typeof hookStage>[0]): Promise<void> => {
    stage = await hookStage(options);
    putTold(stage);
    putJob(stage);
  };
  afterEach(() => stage.close());

  test('reports the builds of the execution and passes with the verdict, also as variables', async () => {
    await start({ judge: ANOMALOUS });
    expect(await stage.handle(job(OF))).toEqual({ outcome: 'job-passed', note: `anomalous: ${ANOMALOUS.reason}` });
    expect((await stage.kept()).map(({ id }) => id.endsWith(BUILD_ID))).toEqual([true]);
    expect(told(stage)).toEqual({
      ...{ succeeded: true, jobId: 'job-1', executionDetails: { summary: `anomalous: ${ANOMALOUS.reason}` } },
      outputVariables: ANOMALOUS,
    });
  });

  test.each([
    ['fails on the verdict that its parameters name', { ...OF, fail: 'anomalous' }, false],
    ['fails on one of several', { ...OF, fail: ['unknown', 'anomalous'] }, false],
    ['passes on another one', { ...OF, fail: 'unknown' }, true],
    ['takes a build by its id too', { build: BUILD_ID, fail: 'anomalous' }, false],
  ])('%s', async (_what, parameters, succeeded) => {
    await start({ judge: ANOMALOUS });
    await stage.handle(job(parameters));
    expect(told(stage)).toMatchObject(
      succeeded ? { succeeded } : { succeeded, failureDetails: { type: 'JobFailed', message: `anomalous: ${ANOMALOUS.reason}` } },
    );
  });

  test.each([
    ['is not held up', OF, true],
    ['fails where its parameters say so', { ...OF, fail: 'unreported' }, false],
  ])('whose Nightshift does not answer %s', async (_what, parameters, succeeded) => {
    await start({ over: { url: 'http://127.0.0.1:9' } });
    expect(await stage.handle(job(parameters))).toMatchObject({
      note: expect.stringMatching(/^not reported to Nightshift: Nightshift does not answer/) as string,
    });
    expect(told(stage)).toMatchObject({ succeeded });
  });

  test('has its result before the time of the function is over, also where Nightshift takes the build and says nothing', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    await start({ over: { url: `http://127.0.0.1:${String((silent.address() as AddressInfo).port)}` } });
    expect(await stage.handle(job(OF), 5_500)).toEqual({ outcome: 'job-passed', note: expect.stringMatching(/^not reported to Nightshift/) });
    silent.closeAllConnections();
    silent.close();
  });

  test('that AWS throttles, or whose execution has no build, passes and says so', async () => {
    await start();
    stage.aws.fault({ effect: 'throttle', operation: 'ListActionExecutions', times: 2 });
    expect(await stage.handle(job(OF))).toEqual({ outcome: 'job-passed', note: expect.stringMatching(/ThrottlingException/) });
    expect(await stage.handle(job({ ...OF, execution: 'another' }))).toEqual({
      outcome: 'job-passed',
      note: expect.stringMatching(/No build of CodeBuild has ended/),
    });
  });

  test('that the function is called for twice keeps its first result', async () => {
    await start();
    await stage.handle(job(OF));
    const first = told(stage);
    expect(await stage.handle(job('{}'))).toMatchObject({ outcome: 'job-failed' });
    expect(told(stage)).toEqual(first);
  });

  test.each([
    ['no parameters', '', /pipeline and execution are needed, or build/],
    ['parameters that are no JSON', 'fail', /are no JSON/],
    ['a verdict that there is not', { ...OF, fail: 'anomolous' }, /fail must be one or several of anomalous, unknown, unreported/],
    ['a name that is not known', { ...OF, fails: 'anomalous' }, /fails is not known; there are build, pipeline/],
  ])('with %s fails and says what to write', async (_what, parameters, message) => {
    await start();
    await stage.handle(job(parameters));
    expect(told(stage)).toMatchObject({ succeeded: false, failureDetails: { type: 'ConfigurationError', message: expect.stringMatching(message) as string } });
    expect(await stage.kept()).toEqual([]);
  });

  test('leaves the credentials that come with it out of every log', async () => {
    await start();
    await stage.handle(job(OF));
    expect(stage.log.join('\n')).not.toMatch(/secret-of|AKIA/);
    expect(stage.log).toHaveLength(1);
  });
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BUILD_ARN, changed, COMMIT, hookStage, putTold, START } from './stage';
import type { HookStage } from './stage';

describe('a change of a build', () => {
  let stage: HookStage;
  afterEach(() => stage.close());

  test('that has ended is one build with its duration, phases, tests, CPU and memory, and the verdict is the answer', async () => {
    stage = await hookStage({ judge: { verdict: 'anomalous', reason: 'duration 4 min' } });
    putTold(stage);
    expect(await stage.handle(changed('SUCCEEDED'))).toEqual({ outcome: 'reported', verdict: 'anomalous', reason: 'duration 4 min' });
    expect(await stage.kept()).toEqual([
      {
        ...{ id: `codebuild:${BUILD_ARN}`, source: 'codebuild', service: 'checkout', environment: 'prod', name: 'checkout', run: '7', result: 'succeeded' },
        ...{ startedAt: new Date(START).toISOString(), endedAt: new Date(START + 240_000).toISOString(), durationMs: 240_000 },
        ...{ commit: COMMIT, branch: 'main', author: 'codepipeline/checkout' },
        steps: [
          { name: 'QUEUED', result: 'succeeded', durationMs: 60_000 },
          { name: 'BUILD', result: 'succeeded', durationMs: 180_000 },
        ],
        tests: { total: 412, failed: 3, skipped: 9 },
        // Two processors on average, for the three minutes in the container.
        usage: { cpuMs: 360_000, memoryBytes: 700 * 1024 * 1024 },
        link: 'https://console.aws.amazon.com/cloudwatch/home#logEvent',
      },
    ]);
  });

  test('that CodeBuild itself broke off says so, with the reason of the phase and no secret in it', async () => {
    stage = await hookStage();
    const contexts = [{ statusCode: 'INTERNAL_ERROR', message: 'no container with password=hunter2example' }];
    putTold(stage, { buildStatus: 'FAULT', phases: [{ phaseType: 'PROVISIONING', phaseStatus: 'FAULT', contexts, durationInSeconds: 9 }] });
    await stage.handle(changed('FAILED'));
    const detail = 'INTERNAL_ERROR: no container with password=[redacted]';
    const steps = [{ name: 'PROVISIONING', result: 'failed', detail, durationMs: 9_000 }];
    expect(await stage.kept()).toMatchObject([{ result: 'failed', fault: true, steps }]);
  });

  test('told twice is one build', async () => {
    stage = await hookStage();
    putTold(stage);
    await stage.handle(changed('FAILED'));
    await stage.handle(changed('FAILED'));
    expect(await stage.kept()).toHaveLength(1);
  });

  test('takes service and environment of its settings', async () => {
    stage = await hookStage({ over: { service: 'shop', environment: 'staging' } });
    putTold(stage);
    await stage.handle(changed('SUCCEEDED'));
    expect(await stage.kept()).toEqual([expect.objectContaining({ service: 'shop', environment: 'staging' })]);
  });

  test.each([
    ['has only begun', changed('IN_PROGRESS'), 'a build that has only begun'],
    ['is of something else', { source: 'aws.ec2', detail: {} }, 'neither a change of a build nor a job of a pipeline'],
    ['is no event', null, 'neither a change of a build nor a job of a pipeline'],
  ])('that %s is passed over without a call', async (_what, event, note) => {
    stage = await hookStage();
    expect(await stage.handle(event)).toEqual({ outcome: 'passed-over', note });
    expect(stage.aws.ledger.entries).toEqual([]);
  });

  test('throttled by AWS is tried again, and a further call works', async () => {
    stage = await hookStage();
    putTold(stage);
    stage.aws.fault({ effect: 'throttle', operation: 'BatchGetBuilds', times: 2 });
    await expect(stage.handle(changed('SUCCEEDED'))).rejects.toMatchObject({ name: 'ThrottlingException' });
    expect(await stage.kept()).toEqual([]);
    expect(await stage.handle(changed('SUCCEEDED'))).toMatchObject({ outcome: 'reported' });
    expect(await stage.kept()).toHaveLength(1);
  });

  test('whose reports and metrics may not be read is told without them, and the log says so', async () => {
    stage = await hookStage();
    putTold(stage);
    stage.aws.fault({ effect: 'deny', operation: 'BatchGetReports' });
    stage.aws.fault({ effect: 'deny', operation: 'GetMetricData' });
    await stage.handle(changed('SUCCEEDED'));
    const [build] = await stage.kept();
    expect([build?.tests, build?.usage, build?.durationMs]).toEqual([undefined, undefined, 240_000]);
    expect(stage.log).toEqual(
      expect.arrayContaining([expect.stringMatching(/^the reports of tests could not be read/), expect.stringMatching(/^CPU and memory could not/)]),
    );
  });

  test.each([
    ['is not there', 'SUCCEEDED', { id: 'checkout:another' }, 'not_found'],
    ['has not ended in the eyes of CodeBuild', 'SUCCEEDED', { buildStatus: 'IN_PROGRESS' as const }, 'conflict'],
  ])('of a build that %s fails, so that Lambda tries again', async (_what, status, over, code) => {
    stage = await hookStage();
    putTold(stage, over);
    await expect(stage.handle(changed(status))).rejects.toMatchObject({ code });
  });

  test('fails where Nightshift refuses the key, once, and the key is in no log', async () => {
    stage = await hookStage({ over: { key: 'ns_wrong_0123456789' } });
    putTold(stage);
    await expect(stage.handle(changed('SUCCEEDED'))).rejects.toMatchObject({ code: 'refused', message: expect.stringMatching(/answered 401/) as string });
    expect(stage.log.join('\n')).not.toContain('ns_wrong');
  });
});

test('a build is sent again while Nightshift is overloaded, and its key follows no redirection', async () => {
  const answers = [503, 302];
  const asked: (string | undefined)[] = [];
  const door = createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(answers.shift() ?? 200, { location: '/elsewhere' }).end();
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const stage = await hookStage({ over: { url: `http://127.0.0.1:${String((door.address() as AddressInfo).port)}`, pausesMs: [1, 1, 1] } });
  putTold(stage);
  await expect(stage.handle(changed('SUCCEEDED'))).rejects.toMatchObject({ code: 'refused', message: expect.stringMatching(/302/) as string });
  expect(asked).toEqual(['/v1/builds?wait=2000ms', '/v1/builds?wait=2000ms']);
  await stage.close();
  door.closeAllConnections();
  door.close();
});

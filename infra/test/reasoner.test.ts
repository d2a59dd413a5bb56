import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reasonerPolicy } from '../lib/reasoner-stack';
import type { Reasoner } from '../lib/settings-schema';
import { exampleWith } from './support/example';
import { isAllowed } from './support/iam';

const PROFILE = 'arn:aws:bedrock:eu-central-1:111122223333:inference-profile/eu.vendor.model-v1';
const GUARDRAIL = 'arn:aws:bedrock:eu-central-1:111122223333:guardrail/abc123def456';
const GUARDED = { 'bedrock:GuardrailIdentifier': `${GUARDRAIL}:3` };
const MODEL = 'arn:aws:bedrock:eu-west-1::foundation-model/vendor.model-v1';

function example(change: (reasoner: Record<string, any>) => void = () => undefined): Reasoner {
  const { reasoner } = exampleWith((file) => change(file.reasoner));
  assert.ok(reasoner);
  return reasoner;
}

test('a profile is asked with the guardrail, and not without', () => {
  const policy = reasonerPolicy(example());
  assert.ok(isAllowed(policy, { action: 'bedrock:InvokeModel', resource: PROFILE, context: GUARDED }));
  assert.ok(!isAllowed(policy, { action: 'bedrock:InvokeModel', resource: PROFILE }));
});

test('the model behind a profile is asked by that profile alone', () => {
  const policy = reasonerPolicy(example());
  assert.ok(isAllowed(policy, { action: 'bedrock:InvokeModel', resource: MODEL, context: { ...GUARDED, 'bedrock:InferenceProfileArn': PROFILE } }));
  assert.ok(!isAllowed(policy, { action: 'bedrock:InvokeModel', resource: MODEL, context: GUARDED }));
});

test('without a guardrail in the settings none is asked for', () => {
  const policy = reasonerPolicy(example((reasoner) => delete reasoner.guardrail));
  assert.ok(isAllowed(policy, { action: 'bedrock:InvokeModel', resource: PROFILE }));
  assert.ok(!isAllowed(policy, { action: 'bedrock:ApplyGuardrail', resource: GUARDRAIL }));
});

test('a model that is named is asked in its region, and no other model', () => {
  const policy = reasonerPolicy(example((reasoner) => ((reasoner.models = ['vendor.other-v2']), delete reasoner.guardrail)));
  const ask = (region: string, model: string): boolean =>
    isAllowed(policy, { action: 'bedrock:InvokeModel', resource: `arn:aws:bedrock:${region}::foundation-model/${model}` });
  assert.deepEqual([ask('eu-central-1', 'vendor.other-v2'), ask('us-east-1', 'vendor.other-v2'), ask('eu-central-1', 'vendor.third')], [true, false, false]);
});

test('nothing but models is reached, whatever else the role is given', () => {
  const { Version, Statement } = reasonerPolicy(example());
  const given = { Version, Statement: [...Statement, { Sid: 'Everything', Effect: 'Allow', Action: ['*'], Resource: ['*'] } as const] };
  for (const action of ['s3:GetObject', 'sts:AssumeRole', 'bedrock:CreateModelCustomizationJob', 'logs:StartQuery'])
    assert.ok(!isAllowed(given, { action, resource: '*', context: GUARDED }));
});

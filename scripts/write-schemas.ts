import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configJsonSchema } from '../config/json-schema';
import { packageRoot } from '../config/package-root';
import { PARTITIONS } from '../domain/aws/place';
import { actuatorActions, policyTemplates } from '../domain/aws/policy';
import { SCALING_ASKS } from '../domain/aws/scaling-asks';
import { runbookJsonSchema } from '../domain/runbook-schema';

// Writes the JSON Schemas that editors read, and the policies that infra/ gives its roles; tests say when they are out of date.
const files = {
  'runbooks/runbook.schema.json': runbookJsonSchema(),
  'config/nightshift.schema.json': configJsonSchema(),
  'infra/policies.json': { partitions: PARTITIONS, policies: policyTemplates(), actuator: actuatorActions(), scaling: SCALING_ASKS },
};
for (const [file, schema] of Object.entries(files)) writeFileSync(join(packageRoot(), file), `${JSON.stringify(schema, null, 2)}\n`);

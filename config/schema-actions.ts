import { z } from 'zod';
import { durationField } from '../domain/duration-field';
import { parameterField } from '../domain/runbook-schema';
import { argvField, nameField, pathField, secretField, urlField, variableField } from './fields';
import { gitRefField, repositoryField } from './github-fields';

const allowedName = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, { error: 'is not a usable name; use small letters, digits and -, beginning with a letter' });
const inputName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,62}$/, { error: 'is not a usable name of a parameter; use letters, digits and _, beginning with a letter or _' });
const parameters = z.record(inputName, parameterField.omit({ default: true }).extend({ optional: z.literal(true).optional() })).optional();
const where = { services: z.array(nameField).min(1).max(200).optional(), environments: z.array(nameField).min(1).max(50).optional() };

const command = z.strictObject({
  name: allowedName,
  run: argvField,
  parameters,
  directory: pathField.optional(),
  pass: z.array(variableField).optional(),
  secrets: z.record(variableField, secretField).optional(),
  outputLimitBytes: z.int().min(1024).max(1_073_741_824).optional(),
  ...where,
});

const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, { error: 'is not the name of a header' });
const call = z.strictObject({
  name: allowedName,
  method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']).optional(),
  url: urlField,
  headers: z.record(headerName, z.union([z.string().max(1000), secretField])).optional(),
  body: z.record(z.string(), z.json()).optional(),
  parameters,
  tokenHeader: headerName.optional(),
  dedupes: z.boolean().optional(),
  ...where,
});

const workflowInput = z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]{0,99}$/, { error: 'is not the name of an input of a workflow' });
const workflow = z.strictObject({
  name: allowedName,
  file: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,200}\.ya?ml$/, { error: 'is not a file of .github/workflows; write its name alone, such as deploy.yml' }),
  ref: gitRefField.optional(),
  inputs: z.record(workflowInput, z.string().max(1000)).optional(),
  tokenInput: workflowInput.optional(),
  parameters,
  ...where,
});

const github = z.strictObject({
  repository: repositoryField,
  token: secretField,
  url: urlField.optional(),
  timeout: durationField({ min: 100, max: 60_000 }).optional(),
  workflows: z.array(workflow).max(200).optional(),
  ...where,
});

/** `actions.github` as written in the file. */
export type GithubSource = z.output<typeof github>;

/** What runbooks may use besides the hands of a service: executables and HTTP calls, each under a name, and a repository of GitHub. */
export const actionsSchema = z.strictObject({
  commands: z.array(command).max(200).optional(),
  calls: z.array(call).max(200).optional(),
  github: github.optional(),
});

/** The section as written in the file. */
export type ActionsSource = z.output<typeof actionsSchema>;

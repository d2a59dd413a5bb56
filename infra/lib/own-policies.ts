import own from '../policies.json';
import { partitionOf } from './place';
import type { PolicyDocument, Statement } from './policy-document';

/** Roles whose policies Nightshift's code makes from the table of its calls. */
export type OwnRole = 'observer' | 'subscriber' | 'archive' | 'hook';

/** Statements about the roles of accounts. */
const OF_ROLES: readonly (string | undefined)[] = ['ReadIam', 'StsAssumeRole'];

/**
 * The policy that `nightshift doctor --aws --policy --role <role>` prints for a configuration whose first region is this one. `policies.json` is written by Nightshift's
 * `scripts/write-schemas.ts`; a test there keeps it equal to the code. `assumes` are the ARNs of `aws.accounts[].role`; without any it is the convention of names.
 */
export function ownPolicy(role: OwnRole, { region, assumes = [] }: { readonly region: string; readonly assumes?: readonly string[] }): PolicyDocument {
  const text = JSON.stringify(own.policies[role]).replaceAll('${AWS::Partition}', partitionOf(region));
  const { Version, Statement } = JSON.parse(text) as PolicyDocument;
  const narrowed = (one: Statement): Statement => (OF_ROLES.includes(one.Sid) && assumes.length > 0 ? { ...one, Resource: [...new Set(assumes)] } : one);
  return { Version, Statement: Statement.map(narrowed) };
}

/** What no role of Nightshift may ever do, as its own policies have it: read secrets. */
export function neverReadSecrets(): Statement {
  const found = ownPolicy('observer', { region: 'eu-central-1' }).Statement.find(({ Effect }) => Effect === 'Deny');
  if (!found)
    throw new Error('policies.json has no statement that denies secrets; write it anew with `node dist/scripts/write-schemas.js` in the folder above.');
  return found;
}

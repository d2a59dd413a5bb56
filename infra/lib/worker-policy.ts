import { allow, policyDocument } from './policy-document';
import type { PolicyDocument } from './policy-document';

/** What the role that the worker runs with needs: to assume these roles, by their ARNs, and nothing else. */
export function workerPolicy(roles: readonly string[]): PolicyDocument {
  return policyDocument(allow('AssumeRolesOfNightshift', ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'], [...new Set(roles)].sort()));
}

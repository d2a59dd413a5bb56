/** Text of a runbook with one step that deploys a release; what differs is seen in its title and its hash. */
export function runbookText(id: string, title = 'Take the release back', step = 'deploy'): string {
  return `id: ${id}
version: 1
title: ${title}
description: Deploys an earlier release.
for: { causes: [bad-release] }
risk: low
reversible: false
parameters:
  to: { description: Release to go back to., pattern: '[A-Za-z0-9.]+' }
steps:
  - { id: ${step}, name: 'Deploy \${{ parameters.to }}', uses: release/deploy, with: { release: '\${{ parameters.to }}' } }
`;
}

export { detection } from './detection';
export { heartbeat } from './heartbeat';
export { incident } from './incident';
export { remediation } from './remediation';

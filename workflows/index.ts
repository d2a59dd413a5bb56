export { incident } from './incident';
export { remediation } from './remediation';

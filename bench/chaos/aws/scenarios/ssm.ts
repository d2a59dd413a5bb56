import type { AwsCommand } from '../../../../domain/aws/hands';
import { putDocument, putInstance } from '../../../../test/fakes/aws/services/ssm-store';
import type { Scenario, Variant } from '../scenario';

const INSTANCES = ['i-00000000000000001', 'i-00000000000000002'];

/** A document of two steps, of which the first restarts the service. */
export const ssmAutomation: Scenario = [
  {
    name: 'restart',
    parts: { automations: [{ name: 'restart', document: 'Restart-Service', parameters: { Service: ['shop'] } }] },
    lay(place) {
      const restart = { name: 'restart', effect: { kind: 'service.restart', parameter: 'Service' } };
      putDocument(place, { name: 'Restart-Service', type: 'Automation', parameters: { Service: null }, steps: [restart, { name: 'check' }] });
    },
    inputs: { automation: 'restart' },
    effects: { 'ssm.automation': 1, 'service.restart': 1 },
  },
];

/** A command that restarts the service on two instances, named or found by their tag. */
export const ssmCommand: Scenario = [command('ids', { ids: INSTANCES }), command('tag', { tag: { key: 'app', value: 'shop' } })];

function command(by: string, instances: AwsCommand['instances']): Variant {
  return {
    name: by,
    parts: { commands: [{ name: 'restart', document: 'Restart-Shop', parameters: { commands: ['systemctl restart shop'] }, instances }] },
    lay(place) {
      const restart = { effect: { kind: 'service.restart' }, output: 'done' };
      putDocument(place, { name: 'Restart-Shop', type: 'Command', parameters: { commands: null }, command: restart });
      for (const InstanceId of INSTANCES) putInstance(place, { InstanceId, tags: { app: 'shop' } });
    },
    inputs: { command: 'restart' },
    effects: { 'ssm.command': 1, 'service.restart': 2 },
  };
}

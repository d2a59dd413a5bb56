import fc from 'fast-check';
import { incidentIdOf, incidentWorkflowId, parseWorkflowId, remediationWorkflowId, unroutedWorkflowId } from '../../domain/identity';

test('workflow ids read as in the design', () => {
  expect(incidentWorkflowId('prod', 'bookshop')).toBe('incident:prod:bookshop');
  expect(unroutedWorkflowId('prod', 'generic')).toBe('incident:prod:unrouted:generic');
  expect(remediationWorkflowId('aws/aws/1/eu-west-1/ecs/shop')).toBe('remediation:aws/aws/1/eu-west-1/ecs/shop');
});

test('every name that is built is parsed back, whatever the parts hold', () => {
  const part = fc.string({ minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(part, part, (environment, other) => {
      expect(parseWorkflowId(incidentWorkflowId(environment, other))).toEqual({ kind: 'incident', environment, service: other });
      expect(parseWorkflowId(unroutedWorkflowId(environment, other))).toEqual({ kind: 'unrouted', environment, source: other });
      expect(parseWorkflowId(remediationWorkflowId(other))).toEqual({ kind: 'remediation', target: other });
    }),
  );
});

test.each(['', 'incident', 'incident:prod', 'incident::x', 'incident:a:b:c', 'incident:a:unrouted:b:c', 'remediation:', 'other:a:b'])(
  '%j is no workflow id of ours',
  (id) => {
    expect(parseWorkflowId(id)).toBeUndefined();
  },
);

test('an incident id is the base32 of the last 80 bits of the run id', () => {
  // The reference: RFC 4648 over the bytes, written another way round.
  const base32 = (hex: string): string => {
    const bits = [...Buffer.from(hex, 'hex')].map((byte) => byte.toString(2).padStart(8, '0')).join('');
    return (bits.match(/.{5}/g) ?? []).map((five) => 'abcdefghijklmnopqrstuvwxyz234567'[parseInt(five, 2)]).join('');
  };
  fc.assert(
    fc.property(fc.uuid(), (uuid) => {
      expect(incidentIdOf(uuid)).toBe(`inc-${base32(uuid.replaceAll('-', '').slice(-20))}`);
      expect(incidentIdOf(uuid.toUpperCase())).toBe(incidentIdOf(uuid));
    }),
  );
  // "foobar" repeated, by the vectors of RFC 4648: mzxw6ytb is "fooba".
  expect(incidentIdOf(`000000000000${Buffer.from('foobafooba').toString('hex')}`)).toBe('inc-mzxw6ytbmzxw6ytb');
});

test('what is no UUID is refused', () => {
  expect(() => incidentIdOf('run-1')).toThrow('a run id is a UUID');
});

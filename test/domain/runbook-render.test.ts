import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkParameters } from '../../domain/parameters';
import { parseRunbook } from '../../domain/runbook-schema';
import { inverseLines, previewLines, renderRunbook } from '../../domain/runbook-render';
import type { Runbook } from '../../domain/runbook';

function builtIn(id: string): Runbook {
  const { runbook, problems } = parseRunbook(readFileSync(join(__dirname, `../../runbooks/${id}.yaml`), 'utf8'));
  if (runbook === undefined) throw new Error(JSON.stringify(problems));
  return runbook;
}

const rollback = builtIn('rollback-release');
const free: Runbook = { ...rollback, parameters: { from: { type: 'string', description: '' }, to: { type: 'string', description: '' } } };

describe('a rendered runbook', () => {
  it('rolls back only from the release that runs to one that is there, and knows the way back', () => {
    expect(renderRunbook(rollback, { from: '1.5.0', to: '1.4.0' })).toEqual({
      parameters: { from: '1.5.0', to: '1.4.0' },
      preconditions: [
        { check: 'release/current', with: { release: '1.5.0' } },
        { check: 'release/available', with: { release: '1.4.0' } },
      ],
      steps: [{ id: 'deploy-earlier', name: 'Deploy release 1.4.0', uses: 'release/deploy', with: { release: '1.4.0' }, timeoutMs: 60_000 }],
      inverse: [{ id: 'deploy-again', name: 'Deploy release 1.5.0 again', uses: 'release/deploy', with: { release: '1.5.0' }, timeoutMs: 60_000 }],
    });
    expect(rollback.inverse?.on).toEqual(['worse']);
  });

  it('says exactly what it would do and how that is undone', () => {
    expect(previewLines(rollback, { from: '1.5.0', to: '1.4.0' })).toEqual([
      'only if release/current release=1.5.0',
      'only if release/available release=1.4.0',
      '1. Deploy release 1.4.0: release/deploy release=1.4.0 (at most 1m)',
    ]);
    expect(inverseLines(rollback, { from: '1.5.0', to: '1.4.0' })).toEqual([
      'when the result is worse:',
      '1. Deploy release 1.5.0 again: release/deploy release=1.5.0 (at most 1m)',
    ]);
  });

  it('of a restart has one step and no undo', () => {
    const restart = builtIn('restart-service');
    expect(previewLines(restart, {})).toEqual(['only if service/known', '1. Restart the service: service/restart (at most 1m)']);
    expect(inverseLines(restart, {})).toEqual([]);
  });

  it('is refused with every wrong parameter named', () => {
    const error = expect.objectContaining({
      code: 'invalid_input',
      problems: [
        expect.objectContaining({ path: 'parameters.form' }),
        expect.objectContaining({ path: 'parameters.from' }),
        expect.objectContaining({ path: 'parameters.to' }),
      ],
    }) as Error;
    expect(() => renderRunbook(rollback, { form: '1.5.0', to: '1.4.0; rm -rf /' })).toThrow(error);
  });

  it('refuses a placeholder, an action or a check that a snapshot should not have', () => {
    const step = rollback.steps[0]!;
    const values = { from: 'a', to: 'b' };
    expect(() => renderRunbook({ ...rollback, steps: [{ ...step, with: { release: '${{ parameters.gone }}' } }] }, values)).toThrow(/placeholders/);
    expect(() => renderRunbook({ ...rollback, steps: [{ ...step, uses: 'shell/run' }] }, values)).toThrow(/shell\/run/);
    expect(() => renderRunbook({ ...rollback, preconditions: [{ check: 'toString', with: {} }] }, values)).toThrow(/toString/);
  });

  it('never reads a value as a placeholder or a replacement pattern', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.constantFrom('${{ parameters.from }}', '$&', '$1', "$'"),
          fc.string({ unit: 'grapheme', maxLength: 40 }).filter((text) => !/\p{Cc}/u.test(text)),
        ),
        (to) => {
          expect(renderRunbook(free, { from: 'secret', to }).steps[0]?.with).toEqual({ release: to });
        },
      ),
    );
  });
});

describe('parameter values', () => {
  const typed: Runbook = {
    ...rollback,
    parameters: {
      count: { type: 'integer', description: 'How many.', default: '3' },
      size: { type: 'enum', description: 'How big.', values: ['small', 'large'] },
    },
  };

  it('take defaults', () => {
    expect(checkParameters(typed, { size: 'small' })).toEqual({ values: { count: '3', size: 'small' }, problems: [] });
  });

  it.each([
    [{ size: 'huge' }, 'must be one of small, large'],
    [{ size: 'small', count: '1e3' }, 'must be a whole number'],
    [{ size: 'small', count: '007' }, 'must be a whole number'],
    [{ size: 'small\n' }, 'holds control characters or line breaks'],
    [{ size: 's'.repeat(257) }, 'is longer than 256 characters'],
    [{}, 'is missing: How big.'],
  ])('%j: %s', (given, message) => {
    expect(checkParameters(typed, given as Record<string, string>).problems.map((each) => each.message)).toEqual([message]);
  });

  it('know nothing of inherited names', () => {
    expect(checkParameters(typed, { size: 'small', constructor: 'x' }).problems).toHaveLength(1);
  });
});

import { routeText, sameRoute, shiftFinding, shiftTo } from '../../../domain/aws/alias-shift';
import type { AliasRoute, AliasShift, AliasState } from '../../../domain/aws/alias-shift';
import { arnIn } from '../../../domain/aws/arn';
import { placeText } from '../../../domain/aws/place';
import { errorCode, errorMessage, NightshiftError } from '../../../domain/errors';
import { targetId } from '../../../domain/inventory';
import type { Carrier, Effect, Wanted } from '../../../ports/hands';
import type { StateStore } from '../../../ports/store';
import type { Actuator } from './actuator';
import { awsCarrier } from './carrier';
import type { AwsHandsDeps, On } from './carrier';
import { functionAliases } from './function-aliases';
import type { FunctionAliases } from './function-aliases';
import { causeName } from './outcome';
import { beforeOf, recordOnce } from './record';

type OnAlias = On<'lambda'>;

/** Carries out `lambda.alias`. What the alias was goes on record before, for what becomes of it to be told, and for an inverse of the same incident and target to put back. */
export function lambdaAlias({ actuator, state, clock }: AwsHandsDeps): Carrier {
  const aliases = functionAliases(actuator.access);
  return awsCarrier('lambda.alias', 'lambda', {
    async look(on, effect) {
      const now = await aliases.read(on.hands, on.part);
      const shift = (await state.load(beforeOf(effect))) as AliasShift | undefined;
      const at = new Date(clock.now()).toISOString();
      if (!shift) {
        const isSo = effect.inputs['restore'] === undefined && shiftTo(now, effect.inputs['to']) === undefined;
        return isSo
          ? { state: 'done', detail: `${nameOf(on)} leads to ${routeText(now)} already; nothing of it is on record`, at }
          : { state: 'absent', again: true };
      }
      const found = shiftFinding(shift, now, effect.reference);
      if (found.state === 'absent') return found;
      const detail = `${nameOf(on)} ${found.detail}`;
      return found.state === 'done' ? { state: 'done', detail, at } : { state: found.state, detail };
    },
    async act(on, effect) {
      const now = await aliases.read(on.hands, on.part);
      const shift = await recordOnce(state, beforeOf(effect), () => planned(state, on, effect, now));
      const found = shiftFinding(shift, now, undefined);
      if (found.state === 'failed') throw new NightshiftError('effect_failed', `${nameOf(on)} ${found.detail}`);
      if (found.state === 'done') return undefined;
      if (effect.inputs['restore'] === undefined) await state.save(shiftOf(effect), effect.token);
      return update(actuator, on, effect, { shift, now });
    },
    async unmet(on, { inputs }) {
      try {
        return await against(aliases, on, inputs);
      } catch (error) {
        if (errorCode(error) === 'effect_failed') return `${errorMessage(error)}.`;
        throw error;
      }
    },
    async preview(on, { inputs }) {
      const place = placeText(on.hands);
      if (inputs['restore'] !== undefined) return `leads ${nameOf(on)} in ${place} back to where it led before the shift of the same incident`;
      const now = await aliases.read(on.hands, on.part);
      const wanted = shiftTo(now, inputs['to']);
      if (!wanted) return `would do nothing: all traffic of ${nameOf(on)} goes to one version already`;
      return `leads ${nameOf(on)} in ${place} to ${routeText(wanted)}, now to ${routeText(now)}`;
    },
  });
}

function nameOf({ part }: OnAlias): string {
  return `${part.function}:${part.alias}`;
}

/** Name of what tells the last shift of an incident on a target. */
function shiftOf({ incidentId, target }: Pick<Effect, 'incidentId' | 'target'>): string {
  return `lambda.alias:${incidentId}/${targetId(target)}`;
}

async function against(aliases: FunctionAliases, on: OnAlias, inputs: Wanted['inputs']): Promise<string | undefined> {
  const { to, restore } = inputs;
  if (restore !== undefined) return to === undefined ? undefined : 'restore and to exclude each other; give one of them.';
  const now = await aliases.read(on.hands, on.part);
  if (shiftTo(now, to) === undefined)
    return `${nameOf(on)} leads to ${routeText(now)} already; there is nothing to shift${to === undefined ? ', give a version to go to' : ''}.`;
  if (to !== undefined && !(await aliases.hasVersion(on.hands, on.part, to)))
    return `Function ${on.part.function} has no version ${to}; give one that is published.`;
  return undefined;
}

/** What it is to become. Throws `effect_failed` where nothing is on record to be put back, or where it is no longer as the shift left it. */
async function planned(state: StateStore, on: OnAlias, effect: Effect, before: AliasState): Promise<AliasShift> {
  if (effect.inputs['restore'] === undefined) return { before, wanted: shiftTo(before, effect.inputs['to']) ?? { version: before.version } };
  const token = (await state.load(shiftOf(effect))) as string | undefined;
  const shift = token === undefined ? undefined : ((await state.load(beforeOf({ token }))) as AliasShift | undefined);
  if (!shift) throw new NightshiftError('effect_failed', `it is not on record what ${nameOf(on)} was before this incident; lead it to a version by hand`);
  if (!sameRoute(before, shift.wanted)) {
    const what = `${nameOf(on)} leads to ${routeText(before)}, and the shift had led it to ${routeText(shift.wanted)}; somebody has changed it since, so that it is left alone`;
    throw new NightshiftError('effect_failed', what);
  }
  const { version, canary } = shift.before;
  return { before, wanted: { version, ...(canary && { canary }) } };
}

async function update(
  actuator: Actuator,
  on: OnAlias,
  effect: Effect,
  { shift, now }: { readonly shift: AliasShift; readonly now: AliasState },
): Promise<string | undefined> {
  const { part, hands } = on;
  const { UpdateAliasCommand } = await import('@aws-sdk/client-lambda');
  const command = new UpdateAliasCommand({
    ...{ FunctionName: part.function, Name: part.alias, FunctionVersion: shift.wanted.version, RevisionId: now.revision },
    RoutingConfig: { AdditionalVersionWeights: weightsOf(shift.wanted) },
  });
  try {
    const { RevisionId } = await actuator.acts({
      ...{ place: hands, effect, operation: 'lambda:UpdateAlias' },
      may: [{ actions: ['lambda:UpdateAlias'], resources: [arnIn(hands, 'lambda', `function:${part.function}`)] }],
      make: async (settings) => {
        const { LambdaClient } = await import('@aws-sdk/client-lambda');
        return new LambdaClient(settings);
      },
      send: (client) => client.send(command),
    });
    return RevisionId;
  } catch (error) {
    // It has changed since it was read, perhaps by an attempt before: nothing was done by this one, and it is looked at anew.
    if (causeName(error) === 'PreconditionFailedException') throw new NightshiftError('not_begun', errorMessage(error), [], { cause: error });
    throw error;
  }
}

function weightsOf({ canary }: AliasRoute): Readonly<Record<string, number>> {
  return canary ? { [canary.version]: canary.weight } : {};
}

import own from '../policies.json';
import type { Actuator } from './settings-schema';

type Scaled = NonNullable<Actuator['scalableTargets']>[number];

/** One form of ids of a namespace: of an id, `on` of what is asked for makes product and name. */
interface Form {
  readonly id: string;
  readonly like: string;
  readonly asks: readonly { readonly actions: readonly string[]; readonly on: string }[];
}

/** What Application Auto Scaling asks of its caller, on what it scales, as Nightshift's code has it. */
const SCALING: Readonly<Record<string, readonly Form[] | undefined>> = own.scaling;

/** Actions on what is scaled, with product and name, or an ARN, or `*`; nothing for an id that has no form of its namespace. */
export function scaled({ namespace, resources }: Scaled): readonly { readonly actions: readonly string[]; readonly named: readonly string[] }[] {
  return (SCALING[namespace] ?? []).flatMap(({ id, asks }) => {
    const form = new RegExp(id);
    const meant = resources.filter((resource) => form.test(resource));
    return asks.map(({ actions, on }) => ({ actions, named: [...new Set(meant.map((resource) => resource.replace(form, on)))] }));
  });
}

/** Ids of a namespace that is known that have none of its forms: policies with what they would make could not be deployed, or would hold for something else. */
export function unlikeIds({ namespace, resources }: Scaled): readonly string[] {
  const forms = SCALING[namespace];
  if (!forms) return [];
  const like = forms.map((form) => form.like).join(' or ');
  return resources
    .filter((resource) => !forms.some(({ id }) => new RegExp(id).test(resource)))
    .map((id) => `${id} is not an id of ${namespace}; write ${like}`);
}

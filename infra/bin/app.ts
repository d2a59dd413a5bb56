import { addStacks, emptyApp } from '../lib/app';
import { chosen, ended } from '../lib/entry';
import { BUNDLE } from '../lib/hook-code';
import { readSettings } from '../lib/settings';

// What the CDK's command line runs: `-c settings=FILE` and `-c hookBundle=FILE` choose other files.
ended(() => {
  const app = emptyApp();
  const context = (key: string): string | undefined => chosen(app.node.tryGetContext(key));
  addStacks(app, readSettings(context('settings') ?? 'nightshift.infra.json'), { by: 'cdk', bundle: context('hookBundle') ?? BUNDLE }).synth();
});

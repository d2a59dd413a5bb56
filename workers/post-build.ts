import { postBuildHandler } from '../adapters/aws/lambda/post-build';
import { processEnvironment } from '../config/environment';
import { hookConfig } from '../config/hook';

/** Entry of the Lambda function that reports builds: `npm run lambda` bundles it. Neither the key nor an event, which may hold credentials, is ever logged. */
export const handler = postBuildHandler({
  settings: () => hookConfig(processEnvironment()),
  log: (line) => void process.stdout.write(`${line}\n`),
});

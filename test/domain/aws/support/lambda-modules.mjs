// Prints the modules of which any code is in the Lambda function, as JSON: the bundler is not loaded into a test.
import { fileURLToPath } from 'node:url';
import { lambdaModules } from '../../../../scripts/setup/build-lambda.mjs';

process.stdout.write(JSON.stringify(await lambdaModules(fileURLToPath(new URL('../../../..', import.meta.url)))));

import { runRedact } from '../cli/commands/redact';
import { processIo } from '../cli/process-io';
import { processEnvironment, terminalSettings } from '../config/environment';
import { buildVersion } from '../config/version';

// `nightshift redact` by itself. What reads our output may go away at any time, as with `| head`.
const io = processIo(process, terminalSettings(processEnvironment()).noColor, () => process.exit(0));
void runRedact({ io, version: buildVersion() }, process.argv.slice(2)).then((code) => (process.exitCode = code));

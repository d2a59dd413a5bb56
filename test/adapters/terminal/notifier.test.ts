import { createTerminalNotifier } from '../../../adapters/terminal/notifier';
import { sampleNotification, sampleView } from '../../fakes/incident-samples';

describe('the terminal notifier', () => {
  it('writes the whole message at once, title first', async () => {
    const written: string[] = [];
    const notifier = createTerminalNotifier({ channel: 'terminal', write: (text) => written.push(text), emphasise: (title) => `**${title}**` });
    await notifier.send(sampleNotification('proposed'));
    expect(written).toHaveLength(1);
    expect(written[0]).toMatch(/^\n\*\*\[SEV2\] bookshop \(demo\): your approval is needed\*\*\n {2}What {10}Checkout fails/);
  });

  it('writes nothing that a terminal would obey', async () => {
    let written = '';
    const notifier = createTerminalNotifier({ channel: 'terminal', write: (text) => (written += text) });
    await notifier.send(sampleNotification('opened', { view: sampleView({ title: '\u001b[2J\u009b0m gone' }) }));
    expect(written.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });
});

import { doorLines } from '../../workers/door-lines';
import type { Doors } from '../../workers/start';

const doors: Doors = {
  ...{ api: 'http://127.0.0.1:7070', temporal: '127.0.0.1:7233', temporalUi: null, namespace: 'default', home: '/home', keyFile: null, temporalPid: null },
  role: 'all',
};

test('whoever starts it is told where the console is, and what there is of the rest', () => {
  expect(doorLines(doors).join('\n')).toContain('Console      http://127.0.0.1:7070/  (for a browser; it asks for a key)');
  expect(doorLines(doors)).toHaveLength(6);
  expect(doorLines({ ...doors, temporalUi: 'http://127.0.0.1:8233', keyFile: '/home/admin.key' })).toEqual(
    expect.arrayContaining(['  Temporal UI  http://127.0.0.1:8233', expect.stringContaining('/home/admin.key')]),
  );
});

test('a worker alone has no console, and an API alone has no data of its own', () => {
  const worker = doorLines({ ...doors, role: 'worker' }).join('\n');
  expect(worker).toContain('  Health       http://127.0.0.1:7070/readyz');
  expect(worker).not.toMatch(/Console|npx/);
  const api = doorLines({ ...doors, role: 'api' }).join('\n');
  expect(api).toContain('Console');
  expect(api).not.toContain('Data');
});

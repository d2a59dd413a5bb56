import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** How the page is bundled: one script, small, for browsers of the last years. */
const OPTIONS = { bundle: true, minify: true, format: 'esm', target: 'es2022', jsx: 'automatic', jsxImportSource: 'preact', charset: 'utf8' };

/** The console as one HTML document: `console/index.html` with its style and its script in it. Throws esbuild's error. */
export async function bundleConsole(root) {
  const { build } = createRequire(join(root, 'package.json'))('esbuild');
  const bundled = async (entry) => {
    const { outputFiles } = await build({ ...OPTIONS, entryPoints: [join(root, 'console', entry)], write: false, logLevel: 'silent' });
    return outputFiles[0].text.trim();
  };
  const [script, style] = await Promise.all([bundled('main.tsx'), bundled('style.css')]);
  // A function as the replacement, as in a text `$&` would mean something.
  return readFileSync(join(root, 'console', 'index.html'), 'utf8')
    .replace('<style></style>', () => `<style>${style}</style>`)
    .replace('<script type="module"></script>', () => `<script type="module">${script}</script>`);
}

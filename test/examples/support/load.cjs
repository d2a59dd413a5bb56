/** Loads an ES module; a plain file, as the test transform would turn a dynamic import in TypeScript into a require. */
exports.load = (file) => import(file);

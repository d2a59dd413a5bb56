// Calls one exported function of a set-up module for a list of argument lists, and prints the list of results (`{error}` for what was thrown).
const [module, name, calls] = process.argv.slice(2);
const called = await import(new URL(`../../../scripts/setup/${module}`, import.meta.url).href);
const results = [];
for (const args of JSON.parse(calls)) {
  try {
    results.push((await called[name](...args)) ?? null);
  } catch (error) {
    results.push({ error: error.message });
  }
}
console.log(JSON.stringify(results));

/**
 * Loaded before a service that is watched: says every two seconds, as a line on stdout, what it holds. Needs
 * --expose-gc.
 */
setInterval(() => {
  // What is left then is what is held.
  globalThis.gc?.()
  const { rss, heapUsed, external } = process.memoryUsage()
  process.stdout.write(`${JSON.stringify(['memory', rss, heapUsed + external])}\n`)
}, 2000).unref()

/** An observer (a log, a metric) that cannot break the work that it watches: what it throws is dropped. */
export function quietly<Event>(observer: ((event: Event) => void) | undefined): (event: Event) => void {
  return (event) => {
    try {
      observer?.(event)
    } catch {
      // Whoever watches must never be able to stop what is watched.
    }
  }
}

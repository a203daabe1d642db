/** Area under the ROC curve: the chance that a positive scores above a negative (ties count half). */
export function areaUnderCurve(scores: readonly number[], labels: readonly (0 | 1)[]): number {
  const positives = scores.filter((_, at) => labels[at] === 1)
  const negatives = scores.filter((_, at) => labels[at] === 0)
  let wins = 0
  for (const positive of positives)
    for (const negative of negatives) wins += positive > negative ? 1 : positive === negative ? 0.5 : 0
  return wins / (positives.length * negatives.length)
}

// Statistics over many runs.

const sorted = (values) => [...values].sort((a, b) => a - b);

/** The middle value, or the mean of the two middle values. */
export function median(values) {
  if (values.length === 0) throw new Error("there is no median of nothing");
  const all = sorted(values);
  const middle = all.length / 2;
  return all.length % 2 ? all[Math.floor(middle)] : (all[middle - 1] + all[middle]) / 2;
}

/** The value that 95 of 100 do not exceed (nearest rank). */
export function p95(values) {
  if (values.length === 0) throw new Error("there is no 95th percentile of nothing");
  return sorted(values)[Math.ceil(values.length * 0.95) - 1];
}

/** The contenders in a different order each round, so that none is always first. */
export function rotated(contenders, round) {
  const from = round % contenders.length;
  return [...contenders.slice(from), ...contenders.slice(0, from)];
}

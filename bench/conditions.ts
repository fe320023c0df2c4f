/** A condition as Flux and Kubernetes write them. */
export function condition(type: string, status: string, reason: string, message: string, observedGeneration = 1) {
  return { type, status, reason, message, observedGeneration, lastTransitionTime: new Date().toISOString() };
}

/** Where each saboteur was caught first: there it is looked for before anywhere else. */
export const knownSeeds: Readonly<Record<string, number>> = {};

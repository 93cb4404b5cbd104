/** jstat ships no types. Only what this library uses of it is declared here. */
declare module 'jstat' {
  const jStat: {
    readonly hypgeom: { pdf(k: number, population: number, successes: number, draws: number): number };
  };
  export default jStat;
}

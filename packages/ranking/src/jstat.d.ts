/** The part of jStat 1.9 that is used here; the package carries no types of its own. */
declare module 'jstat' {
  interface JStat {
    readonly normal: {
      pdf(x: number, mean: number, standardDeviation: number): number;
      cdf(x: number, mean: number, standardDeviation: number): number;
    };
    readonly studentt: {
      cdf(x: number, degreesOfFreedom: number): number;
      /** The quantile function. */
      inv(probability: number, degreesOfFreedom: number): number;
    };
  }
  const jStat: JStat;
  export default jStat;
}

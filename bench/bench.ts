/** One bench: what it is called on the command line, and what makes its rows of the table. */
export interface Bench {
  readonly name: string;
  run(settings: BenchSettings): Promise<Row[]>;
}

export interface BenchSettings {
  /** Fewer rounds and smaller numbers, to see that it works. Such rows say so. */
  quick: boolean;
  /** A line of progress for the person who waits. */
  say(line: string): void;
}

/** One row of the table, in words and numbers as they are printed. */
export interface Row {
  what: string;
  ours: string;
  /** The floor, the peer or the earlier self of the same run. */
  against: string;
  /** Of each round, ours to that: median (least to most). */
  ratio: string;
  goal: string;
  met: boolean | undefined;
}

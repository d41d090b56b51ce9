import type { NetworkDocument } from '@compound-search/contracts';

/** Networks that people have registered. What a name stands for never changes. */
export interface BaselineStore {
  /**
   * Registers a description under its name.
   * @returns `same` where it is registered already, whatever the order of its keys; `taken` where another one has the name.
   */
  registerBaseline(description: NetworkDocument): Promise<'registered' | 'same' | 'taken'>;
  getBaseline(name: string): Promise<NetworkDocument | null>;
  /** In the order in which they were registered; without what a newer version has stored and this one cannot read. */
  listBaselines(): Promise<NetworkDocument[]>;
}

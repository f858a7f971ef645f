/** Why the program cannot work with the database that it was given: one sentence for the operator, with the way on. */
export class DatabaseSetupError extends Error {
  constructor(sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.name = 'DatabaseSetupError';
  }
}

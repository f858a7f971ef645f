/** Why the program's own PostgreSQL cannot run here: one sentence for the operator, with the way on. */
export class EmbeddedServerError extends Error {
  constructor(sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.name = 'EmbeddedServerError';
  }
}

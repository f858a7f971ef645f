/** What is sealed in the database does not open: for the operator, with both ways on. */
export class LostSecretError extends Error {
  constructor() {
    super(`The keys in the database were sealed with another SESSION_SECRET than the one that is set now.
- If you know the other one: set SESSION_SECRET_PREVIOUS to it, start the tool, then run: npm run cli -- keys reseal
- If it is lost for good: run npm run cli -- keys renew. It makes new keys and says what has to be done again.`);
    this.name = 'LostSecretError';
  }
}

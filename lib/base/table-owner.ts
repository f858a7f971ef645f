/** The role that ran the first migration, and owns the tables. */
export interface TableOwner {
  name: string;
  /** The one that the server itself was made with, mostly `postgres`. */
  isFirst: boolean;
}

/** How tables of another role come to this one. PostgreSQL gives nothing away that its first role owns. */
export function cureForOwner({ name, isFirst }: TableOwner, role: string): string {
  return isFirst
    ? `Use that role in DATABASE_URL; or back up with it, and restore into an empty database that ${role} owns (docs/backup.md).`
    : `Use that role in DATABASE_URL; or, as an administrator of PostgreSQL, in this database: reassign owned by ${name} to ${role};`;
}

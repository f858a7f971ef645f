import type { Person } from './people.ts';

function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/** People whose name holds every word that was asked for, accents and case aside. */
export function searchPeople(people: readonly Person[], query: string): Person[] {
  const words = fold(query)
    .split(/\s+/)
    .filter((word) => word !== '');
  return people.filter((person) => {
    const name = fold(person.name);
    return words.every((word) => name.includes(word));
  });
}

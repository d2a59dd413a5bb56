import type { Place, StateKey } from './world';

/** How long something takes and how it ends. */
export interface Course<End extends string, Subject> {
  /** Milliseconds of the world's pace. */
  readonly durationMs?: number;
  /** One for each time, the last for all later times; in the test's own process also chosen by what runs. */
  readonly ends?: readonly End[] | ((subject: Subject) => End);
}

/** The courses of one kind of thing, by what they are for. */
export interface Courses<End extends string, Subject, More extends Course<End, Subject> = Course<End, Subject>> {
  put(place: Place, of: string, course: More): void;
  get(place: Place, of: string): More | undefined;
  /** How this one ends, `usual` where nothing is said; counts it. */
  end(place: Place, of: string, subject: Subject, usual: End): End;
}

/** Courses that are kept under a name of their own. */
export function makeCourses<End extends string, Subject, More extends Course<End, Subject> = Course<End, Subject>>(name: string): Courses<End, Subject, More> {
  const key: StateKey<Map<string, { readonly course: More; ended: number }>> = { name, empty: () => new Map() };
  return {
    put: (place, of, course) => void place.state(key).set(of, { course, ended: 0 }),
    get: (place, of) => place.state(key).get(of)?.course,
    end(place, of, subject, usual) {
      const known = place.state(key).get(of);
      const ends = known?.course.ends;
      if (!known || !ends) return usual;
      if (typeof ends === 'function') return ends(subject);
      return ends[Math.min(known.ended++, ends.length - 1)] ?? usual;
    },
  };
}

/** What is known of something that was begun far away; `again`: it left no trace, and beginning it again does no harm. `at` is ISO 8601. */
export type FarFinding =
  | { readonly state: 'absent'; readonly again?: true }
  | { readonly state: 'in-progress'; readonly detail: string }
  | { readonly state: 'done'; readonly detail: string; readonly at: string }
  | { readonly state: 'failed'; readonly detail: string };

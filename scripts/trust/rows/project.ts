import { toRows, type Group } from './row.ts'

/** Rows about the library's errors, packages and types. */
export const projectGroups: readonly Group[] = [
  {
    title: 'Secrets in output, and diagnosis',
    required: false,
    rows: toRows({
      O1: 'No error contains a secret, in its message, members, stack or cause.',
      O2: 'No event for `onEvent` contains a secret.',
      O3: 'Every failure has a code, a page and a solution.',
      O4: 'No response of the routes is cached.',
      O5: [
        'A heap snapshot or a core dump contains secrets.',
        'Cannot be prevented in JavaScript, where strings cannot be erased. `Secret` ' +
          'prevents accidents.',
      ],
    }),
  },
  {
    title: 'Packages and types',
    required: false,
    rows: toRows({
      P1: 'Core has no dependencies.',
      P2: 'No package has an install script.',
      P3: 'No option disables state, browser binding, sealing or the refusal of redirects.',
      P4: 'A wrong scope, a missing `connectionFor` or an incomplete context does not compile.',
      P5: 'Published packages have provenance.',
      P6: 'No input makes a regular expression slow.',
      P7: 'CI and the READMEs run the version of the package manager that package.json pins.',
    }),
  },
]

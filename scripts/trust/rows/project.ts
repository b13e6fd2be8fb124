import { plain, type Group } from './row.ts'

/** What anybody sees of the library: its errors, its packages and its types. */
export const projectGroups: readonly Group[] = [
  {
    title: 'Leaks and diagnosis',
    required: false,
    rows: plain({
      O1: 'No secret is in an error: message, members, stack or cause.',
      O2: 'No secret is in what `onEvent` is told.',
      O3: 'Every failure has a code, a page and a cure.',
      O4: 'No answer of the routes is cached.',
      O5: [
        'A heap snapshot or a core dump holds secrets.',
        'Not preventable in JavaScript: strings cannot be wiped. `Secret` guards against ' +
          'accidents.',
      ],
    }),
  },
  {
    title: 'Supply chain and shape',
    required: false,
    rows: plain({
      P1: 'Core depends on nothing.',
      P2: 'No package has an install script.',
      P3: 'No option switches state, binding, sealing or the refusal of redirects off.',
      P4: 'A wrong scope, a missing `connectionFor` or a bare context does not compile.',
      P5: 'What is published carries its provenance.',
      P6: 'No input makes a pattern slow.',
      P7: 'CI and the READMEs run the version of the package manager that package.json pins.',
    }),
  },
]

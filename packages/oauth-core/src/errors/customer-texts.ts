import type { ErrorCode } from './codes.ts'

/** What the app's customer reads about an error: what happened, and what they can do. */
export interface CustomerText {
  readonly title: string
  readonly text: string
}

const startAgain = {
  title: 'Please start again',
  text: 'The connection to Zoho Recruit was not finished. Nothing was changed.',
}
/** For errors that only the app's developer can correct. */
export const needsSupport: CustomerText = {
  title: 'Zoho Recruit cannot be connected at the moment',
  text: 'Trying again will not help. Please send the code below to the support of this app.',
}
const zohoIsBusy = {
  title: 'Zoho Recruit is busy',
  text: 'Zoho limits how often this app may ask. Please try again in a few minutes.',
}
const zohoIsDown = {
  title: 'Zoho does not respond',
  text: 'Please try again in a few minutes.',
}
const temporaryProblem = {
  title: 'Something went wrong in this app',
  text: 'Your data at Zoho Recruit is not affected. Please try again in a few minutes.',
}
const openTheApp = {
  title: 'This link cannot be used here',
  text: 'For your security, a connection starts only in the app. Open the app and start there.',
}

/** The text for each error code. `errors/codes.ts` has the text for the developer. */
export const customerTexts: Readonly<Record<ErrorCode, CustomerText>> = {
  'configuration-invalid': needsSupport,
  'client-rejected': needsSupport,
  'client-secret-rejected': needsSupport,
  'redirect-uri-rejected': needsSupport,
  'token-request-rejected': needsSupport,
  'proxy-authentication-required': needsSupport,
  'key-unknown': needsSupport,
  'already-connected': needsSupport,
  'redirect-refused': needsSupport,
  'record-unreadable': needsSupport,
  'data-center-unknown': {
    title: 'This app does not support your Zoho region',
    text:
      'Your Zoho account is in a region that the app is not set up for. Please send the code ' +
      'below to the support of this app.',
  },
  'argument-invalid': {
    title: 'This link is not correct',
    text: 'The address of this page is incomplete or was changed. Open the app and start there.',
  },
  'method-not-allowed': {
    title: 'This link is not correct',
    text: 'This page cannot be used in this way. Open the app and start there.',
  },
  'navigation-required': openTheApp,
  'cross-site-request': openTheApp,
  'host-mismatch': {
    title: 'Open the app at its own address',
    text: 'The connection would be lost, because the app expects you at another address.',
  },
  'ticket-invalid': {
    title: 'This link has expired',
    text: 'A link to connect works for five minutes, in one browser. Start again in the app.',
  },
  'refresh-budget-spent': zohoIsBusy,
  throttled: zohoIsBusy,
  'codes-exhausted': {
    title: 'Too many people are connecting',
    text: 'Zoho allows only some connections at a time. Please try again in ten minutes.',
  },
  'attempts-exhausted': {
    title: 'Too many attempts',
    text: 'Please wait ten minutes, and then start again.',
  },
  'callback-malformed': startAgain,
  'callback-unbound': {
    title: 'Please start again',
    text:
      'This browser did not start the connection, or has lost its cookie. Nothing was changed. ' +
      'Start and finish in the same browser.',
  },
  'callback-expired': {
    title: 'The time is up',
    text: 'You started more than ten minutes ago. Nothing was changed. Please start again.',
  },
  'callback-replayed': {
    title: 'Please start again',
    text: 'This attempt has ended already. A new one takes a moment.',
  },
  'data-center-mismatch': startAgain,
  'principal-mismatch': {
    title: 'You are signed in as someone else',
    text:
      'Another user of this app started this connection, so nothing was changed. Sign in as that ' +
      'user, or start again as yourself.',
  },
  'principal-missing': {
    title: 'Please sign in',
    text: 'Sign in to this app first. Then Zoho Recruit can be connected.',
  },
  'consent-refused': {
    title: 'You did not give access',
    text:
      'Zoho Recruit was not connected, because access was not accepted at Zoho. To connect, ' +
      'start again and choose Accept.',
  },
  'consent-failed': {
    title: 'Zoho did not finish the connection',
    text: 'Zoho reported an error. Please start again.',
  },
  'account-switched': {
    title: 'This is another Zoho account',
    text:
      'A different Zoho account was connected before, and that was not changed. Start again with ' +
      'that account, or disconnect it to use this one.',
  },
  'account-unread': {
    title: 'The Zoho account could not be checked',
    text:
      'Zoho did not say which account this is, so nothing was changed. Please start again in a ' +
      'few minutes.',
  },
  'scope-missing': {
    title: 'More permissions are needed',
    text: 'This page needs permissions that were not given at Zoho.',
  },
  'not-connected': {
    title: 'Connect Zoho Recruit',
    text: 'This page needs access to your Zoho Recruit account.',
  },
  'needs-consent': {
    title: 'Connect Zoho Recruit again',
    text: 'Zoho has ended the access to your account. Give access again to continue.',
  },
  'connection-revoked': {
    title: 'Connect Zoho Recruit again',
    text: 'Zoho Recruit was disconnected. Give access again to continue.',
  },
  'code-rejected': {
    title: 'Please start again',
    text: 'Zoho did not accept the answer in time. Nothing was changed.',
  },
  'refresh-token-missing': {
    title: 'Please start again',
    text: 'Zoho did not give lasting access. Nothing was changed.',
  },
  'exchange-outcome-unknown': {
    title: 'Please start again',
    text: 'The last answer of Zoho was lost, so the connection was not finished.',
  },
  'accounts-server-error': zohoIsDown,
  'accounts-server-unavailable': zohoIsDown,
  'accounts-server-unreachable': zohoIsDown,
  'accounts-server-timed-out': zohoIsDown,
  'response-malformed': zohoIsDown,
  'refresh-timed-out': zohoIsDown,
  'recruit-unreachable': zohoIsDown,
  'recruit-outcome-unknown': {
    title: 'It is not known whether this worked',
    text: 'The answer of Zoho Recruit was lost. Look there before you do it again.',
  },
  'revocation-failed': {
    title: 'Zoho Recruit is disconnected in this app',
    text:
      'Zoho has not confirmed it yet. The app no longer uses your account. To be sure, try again ' +
      'in a few minutes.',
  },
  'grant-not-stored': {
    title: 'Something went wrong in this app',
    text: 'You gave access, but the app could not save it. Please start again in a few minutes.',
  },
  'grant-outcome-unknown': {
    title: 'Please wait a minute',
    text:
      'You gave access, and the app may still be saving it. Go back to the app after a minute. ' +
      'If it is not connected then, start again.',
  },
  'store-unavailable': temporaryProblem,
  'store-contended': temporaryProblem,
}

// A child for processes.test.ts that ends before it is ready.
throw new Error('cannot start')

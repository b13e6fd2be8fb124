console.log('it works')

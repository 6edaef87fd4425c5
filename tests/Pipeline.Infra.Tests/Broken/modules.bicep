module nowhere './nowhere.bicep' = {
  name: 'nowhere'
}

module target './target.bicep' = {
  name: 'target'
  params: {
    given: 'x'
    extra: 'y'
  }
}

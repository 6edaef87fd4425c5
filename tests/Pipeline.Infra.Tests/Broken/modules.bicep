param unused string

module nowhere './nowhere.bicep' = {}

module database './modules/network.bicep' = {
  params: {
    location: 'westeurope'
    extra: 'y'
  }
}

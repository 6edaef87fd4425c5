resource environment 'Microsoft.App/managedEnvironments@2099-01-01' = {
  name: 'environment'
  location: 'westeurope'
  properties: {}
}

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: 'store'
  location: resourceGroup().location
  kind: 'StorageV2'
  sku: {
    name: 'Standard_LRS'
  }
  properties: {
    allowShareKeyAccess: false
  }
}

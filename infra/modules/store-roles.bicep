// Silos write to the one container of each store, and to nothing else there.
param names string[]
param principalId string

var blobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'

resource accounts 'Microsoft.Storage/storageAccounts@2025-06-01' existing = [
  for name in names: {
    name: name
  }
]

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' existing = [
  for (name, i) in names: {
    parent: accounts[i]
    name: 'default'
  }
]

resource containers 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = [
  for (name, i) in names: {
    parent: blobs[i]
    name: 'store'
  }
]

resource writes 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, i) in names: {
    name: guid(containers[i].id, principalId, blobDataContributor)
    scope: containers[i]
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
      principalId: principalId
      principalType: 'ServicePrincipal'
    }
  }
]

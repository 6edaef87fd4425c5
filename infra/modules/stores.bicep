// The stores: plain accounts that share nothing. Log segments are append blobs, so neither object replication nor
// tiering applies to them; the product itself keeps a copy on each store.
param locations string[]
param count int
param skuName string
param tags { *: string }
@minLength(5)
param token string
param abbrs { *: string }
param subnetIds string[]

var letters = ['a', 'b', 'c', 'd', 'e']

resource accounts 'Microsoft.Storage/storageAccounts@2025-06-01' = [
  for i in range(0, count): {
    name: '${abbrs.storageStorageAccounts}${letters[i]}${token}'
    location: locations[i % length(locations)]
    tags: tags
    kind: 'StorageV2'
    sku: {
      name: skuName
    }
    properties: {
      accessTier: 'Hot'
      allowSharedKeyAccess: false
      allowBlobPublicAccess: false
      defaultToOAuthAuthentication: true
      minimumTlsVersion: 'TLS1_2'
      supportsHttpsTrafficOnly: true
      publicNetworkAccess: 'Enabled'
      networkAcls: {
        defaultAction: 'Deny'
        bypass: 'None'
        virtualNetworkRules: [
          for subnetId in subnetIds: {
            // An element of a parameter, which the rule does not see through the loop.
            #disable-next-line use-resource-id-functions
            id: subnetId
            action: 'Allow'
          }
        ]
      }
    }
  }
]

// No soft delete of blobs: trimmed segments would be paid for another week. A deleted container comes back.
resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' = [
  for i in range(0, count): {
    parent: accounts[i]
    name: 'default'
    properties: {
      deleteRetentionPolicy: {
        enabled: false
      }
      containerDeleteRetentionPolicy: {
        enabled: true
        days: 14
      }
    }
  }
]

resource containers 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = [
  for i in range(0, count): {
    parent: blobs[i]
    name: 'store'
    properties: {
      publicAccess: 'None'
    }
  }
]

output names string[] = [for i in range(0, count): accounts[i].name]

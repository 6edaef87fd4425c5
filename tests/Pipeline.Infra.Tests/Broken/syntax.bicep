param name string
resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  properties: {
    minimumTlsVersion: = 'TLS1_2'
  }

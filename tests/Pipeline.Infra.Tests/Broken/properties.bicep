resource job 'Microsoft.App/jobs@2099-01-01' = {
  name: 'job'
}

resource accounts 'Microsoft.Storage/storageAccounts@2025-06-01' = [for i in range(0, 3): {
  name: 'store${i}'
  tags: {
    app: 'pipeline'
  }
  properties: {
    allowShareKeyAccess: false
    networkAcls: acls
  }
}]

var acls = {
  default: 'Deny'
}

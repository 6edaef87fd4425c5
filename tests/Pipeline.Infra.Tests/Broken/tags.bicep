param tags object
resource silos 'Microsoft.App/containerApps@2026-01-01' = [for i in range(0, 3): {
  name: 'silo${i}'
  tags: union(tags, { 'azd-service-name': 'silo' })
}]

resource other 'Microsoft.App/containerApps@2026-01-01' = {
  name: 'other'
  tags: union(tags, { 'azd-service-name': 'silo' })
}

resource job 'Microsoft.App/jobs@2026-01-01' = {
  name: 'job'
  tags: {
    'azd-service-name': 'migrat'
  }
}

// Two container environments in one network: the silos' has no public address, the front's has one.
param location string
param tags { *: string }
param token string
param abbrs { *: string }
param zoneRedundant bool
param networkId string
param siloSubnetId string
param ingestSubnetId string
param workspaceId string

resource silos 'Microsoft.App/managedEnvironments@2026-01-01' = {
  name: '${abbrs.appManagedEnvironments}silos-${token}'
  location: location
  tags: tags
  properties: {
    appLogsConfiguration: {
      destination: 'azure-monitor'
    }
    vnetConfiguration: {
      infrastructureSubnetId: siloSubnetId
      internal: true
    }
    workloadProfiles: [
      {
        name: 'Consumption'
        workloadProfileType: 'Consumption'
      }
    ]
    zoneRedundant: zoneRedundant
  }
}

resource ingest 'Microsoft.App/managedEnvironments@2026-01-01' = {
  name: '${abbrs.appManagedEnvironments}ingest-${token}'
  location: location
  tags: tags
  properties: {
    appLogsConfiguration: {
      destination: 'azure-monitor'
    }
    vnetConfiguration: {
      infrastructureSubnetId: ingestSubnetId
      internal: false
    }
    workloadProfiles: [
      {
        name: 'Consumption'
        workloadProfileType: 'Consumption'
      }
    ]
    zoneRedundant: zoneRedundant
  }
}

resource siloLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'logs'
  scope: silos
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
  }
}

resource ingestLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'logs'
  scope: ingest
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
  }
}

module names './environment-names.bicep' = {
  params: {
    tags: tags
    networkId: networkId
    // The platform makes the domain up with the environment.
    #disable-next-line what-if-short-circuiting
    domain: silos.properties.defaultDomain
    address: silos.properties.staticIp
  }
}

output siloEnvironmentId string = silos.id
output siloEnvironmentName string = silos.name
output ingestEnvironmentName string = ingest.name
output ingestDomain string = ingest.properties.defaultDomain

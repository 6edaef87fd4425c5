// One address before two deployments of main.bicep, a primary and a standby:
//   az deployment group create -g rg-primary -f infra/multi-region.bicep -p primaryHost=… standbyHost=…
// Requests go to the standby when the primary's /health fails; docs/operations.md tells what else failing over takes.
@minLength(1)
@description('SERVICE_INGEST_HOST of the primary.')
param primaryHost string

@minLength(1)
@description('SERVICE_INGEST_HOST of the standby.')
param standbyHost string

param name string = 'fd-${uniqueString(resourceGroup().id)}'

resource profile 'Microsoft.Cdn/profiles@2025-06-01' = {
  name: name
  location: 'global'
  sku: {
    name: 'Standard_AzureFrontDoor'
  }
  properties: {
    originResponseTimeoutSeconds: 240
  }
}

resource endpoint 'Microsoft.Cdn/profiles/afdEndpoints@2025-06-01' = {
  parent: profile
  name: 'pipeline-${uniqueString(profile.id)}'
  location: 'global'
  properties: {
    enabledState: 'Enabled'
  }
}

resource origins 'Microsoft.Cdn/profiles/originGroups@2025-06-01' = {
  parent: profile
  name: 'ingest'
  properties: {
    sessionAffinityState: 'Disabled'
    loadBalancingSettings: {
      sampleSize: 4
      successfulSamplesRequired: 3
      additionalLatencyInMilliseconds: 50
    }
    healthProbeSettings: {
      probePath: '/health'
      probeProtocol: 'Https'
      probeRequestType: 'GET'
      probeIntervalInSeconds: 30
    }
  }
}

resource primary 'Microsoft.Cdn/profiles/originGroups/origins@2025-06-01' = {
  parent: origins
  name: 'primary'
  properties: {
    hostName: primaryHost
    originHostHeader: primaryHost
    httpsPort: 443
    priority: 1
    weight: 1000
    enabledState: 'Enabled'
    enforceCertificateNameCheck: true
  }
}

resource standby 'Microsoft.Cdn/profiles/originGroups/origins@2025-06-01' = {
  parent: origins
  name: 'standby'
  properties: {
    hostName: standbyHost
    originHostHeader: standbyHost
    httpsPort: 443
    priority: 2
    weight: 1000
    enabledState: 'Enabled'
    enforceCertificateNameCheck: true
  }
}

resource route 'Microsoft.Cdn/profiles/afdEndpoints/routes@2025-06-01' = {
  parent: endpoint
  name: 'all'
  properties: {
    originGroup: {
      id: origins.id
    }
    supportedProtocols: ['Https']
    patternsToMatch: ['/*']
    forwardingProtocol: 'HttpsOnly'
    httpsRedirect: 'Disabled'
    linkToDefaultDomain: 'Enabled'
    enabledState: 'Enabled'
  }
  dependsOn: [
    primary
    standby
  ]
}

output AZURE_FRONT_DOOR_ID string = profile.properties.frontDoorId
output AZURE_FRONT_DOOR_HOST string = endpoint.properties.hostName

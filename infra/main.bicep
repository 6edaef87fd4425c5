// Everything but the container apps: those come with their images (infra/app, deployed by azd deploy).
// docs/deploy.md explains the parameters, docs/decisions/0040-topology-on-azure.md the shape.
targetScope = 'subscription'

@minLength(1)
@maxLength(64)
@description('Name of the azd environment; names the resource group.')
param environmentName string

@minLength(1)
@description('Region of compute, database and, where storeLocations is empty, of the stores.')
param location string

@allowed(['dev', 'standard', 'multi-region'])
@description('dev: one silo, one store, no redundancy. standard: survives a zone. multi-region: and a region.')
param profile string = 'standard'

@description('Regions of the stores, by commas; empty: all in location. Three regions survive one, at their round trip.')
param storeLocations string = ''

@description('A standby uses the stores of the primary: their resource group; empty: stores of its own.')
param sharedStoresResourceGroup string = ''

@description('The accounts in sharedStoresResourceGroup, by commas.')
param sharedStoreNames string = ''

@description('Subnets of a standby that may reach the stores too, by commas.')
param otherSubnetIds string = ''

@allowed(['', 'Disabled', 'SameZone', 'ZoneRedundant'])
@description('A standby of the database, where a region or subscription does not offer what the profile wants; empty: as the profile says.')
param databaseHa string = ''

@description('Who is told about alerts and the budget; empty: nobody.')
param alertEmail string = ''

@description('In the currency of the subscription, a month; 0: no budget.')
param monthlyBudget int = 0

@description('First day of a month; a budget cannot start in the past.')
param budgetStart string = '2026-12-01'

var abbrs = loadJsonContent('./abbreviations.json')
var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = {
  'azd-env-name': environmentName
  app: 'pipeline'
  profile: profile
}

// What a profile buys; docs/deploy.md has the same table with what each line costs.
var profiles = {
  dev: {
    siloCount: 1
    siloCpu: '0.5'
    siloMemory: '1Gi'
    ingestMin: 1
    ingestMax: 2
    zones: false
    storeCount: 1
    storeSku: 'Standard_LRS'
    backupSku: 'Standard_LRS'
    databaseSku: 'Standard_B1ms'
    databaseTier: 'Burstable'
    databaseHa: 'Disabled'
    databaseGeoBackup: 'Disabled'
    logDays: 30
  }
  standard: {
    siloCount: 3
    siloCpu: '2'
    siloMemory: '4Gi'
    ingestMin: 3
    ingestMax: 12
    zones: true
    storeCount: 3
    storeSku: 'Standard_ZRS'
    backupSku: 'Standard_ZRS'
    databaseSku: 'Standard_D2ds_v5'
    databaseTier: 'GeneralPurpose'
    databaseHa: 'ZoneRedundant'
    databaseGeoBackup: 'Disabled'
    logDays: 30
  }
  'multi-region': {
    siloCount: 3
    siloCpu: '2'
    siloMemory: '4Gi'
    ingestMin: 3
    ingestMax: 12
    zones: true
    storeCount: 3
    storeSku: 'Standard_ZRS'
    backupSku: 'Standard_RAGZRS'
    databaseSku: 'Standard_D2ds_v5'
    databaseTier: 'GeneralPurpose'
    databaseHa: 'ZoneRedundant'
    databaseGeoBackup: 'Disabled'
    logDays: 90
  }
}
var chosen = profiles[profile]
var hasOwnStores = empty(sharedStoresResourceGroup)
var storeRegions = empty(storeLocations) ? [location] : split(storeLocations, ',')

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: '${abbrs.resourcesResourceGroups}${environmentName}'
  location: location
  tags: tags
}

resource storeGroup 'Microsoft.Resources/resourceGroups@2025-04-01' existing = {
  name: hasOwnStores ? group.name : sharedStoresResourceGroup
}

module monitoring './modules/monitoring.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    abbrs: abbrs
    logDays: chosen.logDays
    alertEmail: alertEmail
  }
}

module identities './modules/identities.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    abbrs: abbrs
  }
}

module network './modules/network.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    abbrs: abbrs
  }
}

module registry './modules/registry.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    abbrs: abbrs
    pullerIds: identities.outputs.principalIds
  }
}

module environments './modules/environments.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    abbrs: abbrs
    zoneRedundant: chosen.zones
    networkId: network.outputs.networkId
    siloSubnetId: network.outputs.siloSubnetId
    ingestSubnetId: network.outputs.ingestSubnetId
    workspaceId: monitoring.outputs.workspaceId
  }
}

module collector './modules/collector.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    abbrs: abbrs
    environmentId: environments.outputs.siloEnvironmentId
    // So named that it is there first; what a deployment would do to the collector is then guessed less precisely.
    #disable-next-line what-if-short-circuiting
    componentName: monitoring.outputs.componentName
  }
}

module database './modules/database.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    abbrs: abbrs
    skuName: chosen.databaseSku
    skuTier: chosen.databaseTier
    highAvailability: empty(databaseHa) ? chosen.databaseHa : databaseHa
    geoRedundantBackup: chosen.databaseGeoBackup
    subnetId: network.outputs.databaseSubnetId
    networkId: network.outputs.networkId
    administratorName: identities.outputs.migrateName
    // An administrator is named by the identity's object id, which Entra ID makes up.
    #disable-next-line what-if-short-circuiting
    administratorId: identities.outputs.migratePrincipalId
  }
}

module stores './modules/stores.bicep' = if (hasOwnStores) {
  scope: group
  params: {
    locations: storeRegions
    count: chosen.storeCount
    skuName: chosen.storeSku
    tags: tags
    token: token
    abbrs: abbrs
    subnetIds: concat([network.outputs.siloSubnetId], empty(otherSubnetIds) ? [] : split(otherSubnetIds, ','))
  }
}

module storeRoles './modules/store-roles.bicep' = {
  scope: storeGroup
  params: {
    names: hasOwnStores ? stores!.outputs.names : split(sharedStoreNames, ',')
    // In the assignment's name: an identity made anew is another one, and needs another assignment.
    #disable-next-line what-if-short-circuiting
    principalId: identities.outputs.siloPrincipalId
  }
}

module backup './modules/backup.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    abbrs: abbrs
    skuName: chosen.backupSku
    subnetIds: [network.outputs.siloSubnetId]
    #disable-next-line what-if-short-circuiting
    principalId: identities.outputs.backupPrincipalId
  }
}

module alerts './modules/alerts.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    actionGroupId: monitoring.outputs.actionGroupId
    siloCount: chosen.siloCount
  }
}

resource budget 'Microsoft.Consumption/budgets@2026-06-01' = if (monthlyBudget > 0 && !empty(alertEmail)) {
  name: 'pipeline-${environmentName}'
  properties: {
    category: 'Cost'
    amount: monthlyBudget
    timeGrain: 'Monthly'
    timePeriod: {
      startDate: budgetStart
    }
    filter: {
      dimensions: {
        name: 'ResourceGroupName'
        operator: 'In'
        values: [group.name]
      }
    }
    notifications: {
      soon: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 80
        thresholdType: 'Forecasted'
        contactEmails: [alertEmail]
      }
      over: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 100
        thresholdType: 'Actual'
        contactEmails: [alertEmail]
      }
    }
  }
}

// azd makes environment variables of these; the templates in infra/app read them.
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_CONTAINER_REGISTRY_ENDPOINT string = registry.outputs.loginServer
output AZURE_CONTAINER_REGISTRY_NAME string = registry.outputs.name
output AZURE_CONTAINER_APPS_ENVIRONMENT_DEFAULT_DOMAIN string = environments.outputs.ingestDomain
output PIPELINE_TOKEN string = token
output PIPELINE_SILO_ENVIRONMENT_NAME string = environments.outputs.siloEnvironmentName
output PIPELINE_INGEST_ENVIRONMENT_NAME string = environments.outputs.ingestEnvironmentName
output PIPELINE_DATABASE_HOST string = database.outputs.host
output PIPELINE_DATABASE_NAME string = database.outputs.databaseName
output PIPELINE_STORE_NAMES string = hasOwnStores ? join(stores!.outputs.names, ',') : sharedStoreNames
output PIPELINE_SILO_COUNT int = chosen.siloCount
output PIPELINE_SILO_CPU string = chosen.siloCpu
output PIPELINE_SILO_MEMORY string = chosen.siloMemory
output PIPELINE_INGEST_MIN int = chosen.ingestMin
output PIPELINE_INGEST_MAX int = chosen.ingestMax
output PIPELINE_OTLP_ENDPOINT string = collector.outputs.endpoint
output PIPELINE_SILO_SUBNET_ID string = network.outputs.siloSubnetId

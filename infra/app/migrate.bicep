// The migration: makes the roles of silo and ingest, then the membership tables. Started by infra/hooks/migrate.sh,
// before any silo is deployed; may be run again at any time.
param environmentName string
param location string
param token string
param containerEnvironmentName string
param registryServer string
param image string
param databaseHost string
param databaseName string

@description('Has psql and a shell; the hosts have neither.')
param psqlImage string = 'docker.io/library/postgres:17-alpine'

var abbrs = loadJsonContent('../abbreviations.json')
var tags = {
  'azd-env-name': environmentName
  app: 'pipeline'
}

resource environment 'Microsoft.App/managedEnvironments@2026-01-01' existing = {
  name: containerEnvironmentName
}

resource migrateIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: '${abbrs.managedIdentityUserAssignedIdentities}migrate-${token}'
}

resource siloIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: '${abbrs.managedIdentityUserAssignedIdentities}silo-${token}'
}

resource ingestIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: '${abbrs.managedIdentityUserAssignedIdentities}ingest-${token}'
}

resource migrate 'Microsoft.App/jobs@2026-01-01' = {
  name: '${abbrs.appJobs}migrate-${token}'
  location: location
  tags: union(tags, { 'azd-service-name': 'migrate' })
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${migrateIdentity.id}': {}
    }
  }
  properties: {
    environmentId: environment.id
    configuration: {
      triggerType: 'Manual'
      replicaTimeout: 600
      replicaRetryLimit: 2
      manualTriggerConfig: {
        parallelism: 1
        replicaCompletionCount: 1
      }
      registries: [
        {
          server: registryServer
          identity: migrateIdentity.id
        }
      ]
    }
    template: {
      // Makes the roles of silo and ingest, with a token of its own as password; the migration fetches another.
      initContainers: [
        {
          name: 'roles'
          image: psqlImage
          command: ['/bin/sh', '-c', loadTextContent('./roles.sh')]
          env: [
            {
              name: 'AZURE_CLIENT_ID'
              value: migrateIdentity.properties.clientId
            }
            {
              name: 'PGHOST'
              value: databaseHost
            }
            {
              name: 'PGUSER'
              value: migrateIdentity.name
            }
            {
              name: 'DATABASE'
              value: databaseName
            }
            {
              name: 'SILO_ROLE'
              value: siloIdentity.name
            }
            {
              name: 'SILO_ID'
              value: siloIdentity.properties.principalId
            }
            {
              name: 'INGEST_ROLE'
              value: ingestIdentity.name
            }
            {
              name: 'INGEST_ID'
              value: ingestIdentity.properties.principalId
            }
          ]
          resources: {
            cpu: json('0.25')
            memory: '0.5Gi'
          }
        }
      ]
      containers: [
        {
          name: 'migrate'
          image: image
          args: ['migrate']
          env: [
            {
              name: 'AZURE_CLIENT_ID'
              value: migrateIdentity.properties.clientId
            }
            {
              name: 'Orleans__Clustering__Authentication'
              value: 'Entra'
            }
            {
              name: 'Orleans__Clustering__ConnectionString'
              value: 'Host=${databaseHost};Database=${databaseName};Username=${migrateIdentity.name};SSL Mode=VerifyFull'
            }
          ]
          resources: {
            cpu: json('0.25')
            memory: '0.5Gi'
          }
        }
      ]
    }
  }
}

output name string = migrate.name

// The front: takes events over HTTPS and gives them to the silos. Holds nothing, so any number of replicas will do.
param environmentName string
param location string
param token string
param containerEnvironmentName string
param registryServer string
param image string
param databaseHost string
param databaseName string

param minReplicas string

param maxReplicas string

param clusterId string

@description('Keys of clients: "name hash roles" each, separated by ;. pipeline key prints it. Hashes are no secrets.')
param keys string = ''

@description('Tokens of this tenant made out to this application (its client id) are taken too; empty: keys alone.')
param audience string = ''

@description('AZURE_FRONT_DOOR_ID of multi-region.bicep: requests that did not come through it are refused; empty: taken.')
param frontDoorId string = ''

@description('Empty: nothing is exported.')
param otlpEndpoint string = ''

@description('Requests in flight a replica before another one is started.')
param concurrentRequests int = 50

var abbrs = loadJsonContent('../abbreviations.json')
var tags = {
  'azd-env-name': environmentName
  app: 'pipeline'
  'azd-service-name': 'ingest'
}

resource environment 'Microsoft.App/managedEnvironments@2026-01-01' existing = {
  name: containerEnvironmentName
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: '${abbrs.managedIdentityUserAssignedIdentities}ingest-${token}'
}

var telemetry = empty(otlpEndpoint)
  ? []
  : [
      {
        name: 'OTEL_EXPORTER_OTLP_ENDPOINT'
        value: otlpEndpoint
      }
      {
        name: 'OTEL_EXPORTER_OTLP_PROTOCOL'
        value: 'http/protobuf'
      }
      {
        // What happened since the last export: the alerts (modules/alerts.bicep) add up what came within a minute.
        name: 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE'
        value: 'delta'
      }
      {
        name: 'OTEL_SERVICE_NAME'
        value: 'pipeline-ingest'
      }
    ]

var keyList = empty(keys) ? [] : split(keys, ';')

var keyHashes = [
  for key in keyList: {
    name: 'Pipeline__Auth__Keys__${split(key, ' ')[0]}__Hash'
    value: split(key, ' ')[1]
  }
]

var keyRoles = [
  for key in keyList: {
    name: 'Pipeline__Auth__Keys__${split(key, ' ')[0]}__Roles'
    value: split(key, ' ')[2]
  }
]

var frontDoor = empty(frontDoorId)
  ? []
  : [
      {
        name: 'Pipeline__FrontDoorId'
        value: frontDoorId
      }
    ]

var tokens = empty(audience)
  ? []
  : [
      {
        name: 'Pipeline__Auth__Authority'
        value: '${az.environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
      }
      {
        name: 'Pipeline__Auth__Audience'
        value: audience
      }
    ]

resource ingest 'Microsoft.App/containerApps@2026-01-01' = {
  name: '${abbrs.appContainerApps}ingest-${token}'
  location: location
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
    }
  }
  properties: {
    environmentId: environment.id
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: {
        external: true
        transport: 'auto'
        targetPort: 8080
        allowInsecure: false
      }
      registries: [
        {
          server: registryServer
          identity: identity.id
        }
      ]
    }
    template: {
      terminationGracePeriodSeconds: 60
      containers: [
        {
          name: 'ingest'
          image: image
          env: concat(
            [
              {
                name: 'AZURE_CLIENT_ID'
                value: identity.properties.clientId
              }
              {
                name: 'ASPNETCORE_FORWARDEDHEADERS_ENABLED'
                value: 'true'
              }
              {
                name: 'Pipeline__Urls'
                value: 'http://0.0.0.0:8080'
              }
              {
                name: 'Orleans__ClusterId'
                value: clusterId
              }
              {
                name: 'Orleans__ServiceId'
                value: 'pipeline'
              }
              {
                name: 'Orleans__Clustering__ProviderType'
                value: 'AdoNet'
              }
              {
                name: 'Orleans__Clustering__Invariant'
                value: 'Npgsql'
              }
              {
                name: 'Orleans__Clustering__ConnectionString'
                value: 'Host=${databaseHost};Database=${databaseName};Username=${identity.name};SSL Mode=VerifyFull;Keepalive=30;Maximum Pool Size=5'
              }
              {
                name: 'Orleans__Clustering__Authentication'
                value: 'Entra'
              }
            ],
            keyHashes,
            keyRoles,
            tokens,
            frontDoor,
            telemetry
          )
          resources: {
            cpu: json('1')
            memory: '2Gi'
          }
          probes: [
            {
              type: 'Startup'
              httpGet: {
                path: '/alive'
                port: 8080
              }
              periodSeconds: 5
              failureThreshold: 10
            }
            {
              type: 'Readiness'
              httpGet: {
                path: '/health'
                port: 8080
              }
              periodSeconds: 10
              timeoutSeconds: 5
            }
            {
              type: 'Liveness'
              httpGet: {
                path: '/alive'
                port: 8080
              }
              periodSeconds: 10
              failureThreshold: 6
            }
          ]
        }
      ]
      scale: {
        minReplicas: int(minReplicas)
        maxReplicas: int(maxReplicas)
        rules: [
          {
            name: 'requests'
            http: {
              metadata: {
                concurrentRequests: string(concurrentRequests)
              }
            }
          }
        ]
      }
    }
  }
}

output SERVICE_INGEST_HOST string = ingest.properties.configuration.ingress.fqdn

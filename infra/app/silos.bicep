// The silos: one container app each, with one replica and its own pair of ports on the environment's private address,
// which is what other silos and the front reach it at. A new version is a new generation of apps with other ports;
// infra/hooks/next-generation.sh and infra/hooks/retire-generation.sh do the change.
param environmentName string
param location string
param token string
param containerEnvironmentName string
param registryServer string
param image string
param databaseHost string
param databaseName string

@description('The accounts of the stores, by commas. Environment variables are texts, so numbers and lists come as such.')
param storeNames string

@description('1 to 10. Silos are not scaled by load: change the profile and deploy.')
param siloCount string

@allowed(['0', '1'])
@description('The half of the ports that this deployment takes; the other half is the version before.')
param generation string

param cpu string
param memory string
param clusterId string

@description('Empty: nothing is exported.')
param otlpEndpoint string = ''

var abbrs = loadJsonContent('../abbreviations.json')
var siloPortBase = 11111
var gatewayPortBase = 30000
var portsPerGeneration = 10
// More than have ports of their own would take those of the other generation.
var count = min(int(siloCount), portsPerGeneration)
var firstPort = int(generation) * portsPerGeneration
var letters = ['a', 'b', 'c', 'd', 'e']
var tags = {
  'azd-env-name': environmentName
  app: 'pipeline'
  'pipeline-generation': generation
}

resource environment 'Microsoft.App/managedEnvironments@2026-01-01' existing = {
  name: containerEnvironmentName
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: '${abbrs.managedIdentityUserAssignedIdentities}silo-${token}'
}

var storeSettings = [
  for (name, i) in split(storeNames, ','): {
    name: 'Pipeline__Store__${letters[i]}'
    value: 'https://${name}.blob.${az.environment().suffixes.storage}/store'
  }
]

var settings = [
  {
    name: 'AZURE_CLIENT_ID'
    value: identity.properties.clientId
  }
  {
    name: 'Pipeline__Urls'
    value: 'http://0.0.0.0:8080'
  }
  {
    name: 'Pipeline__Data'
    value: '/data'
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
    value: 'Host=${databaseHost};Database=${databaseName};Username=${identity.name};SSL Mode=VerifyFull;Keepalive=30;Maximum Pool Size=10'
  }
  {
    name: 'Orleans__Clustering__Authentication'
    value: 'Entra'
  }
  {
    name: 'Orleans__Endpoints__AdvertisedIPAddress'
    value: environment.properties.staticIp
  }
  {
    name: 'Orleans__Endpoints__SiloListeningEndpoint'
    value: '0.0.0.0:11111'
  }
  {
    name: 'Orleans__Endpoints__GatewayListeningEndpoint'
    value: '0.0.0.0:30000'
  }
]

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
        value: 'pipeline-silo'
      }
    ]

resource silos 'Microsoft.App/containerApps@2026-01-01' = [
  for i in range(0, count): {
    name: '${abbrs.appContainerApps}silo-${generation}-${i}-${token}'
    location: location
    tags: i == 0 ? union(tags, { 'azd-service-name': 'silo' }) : tags
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
          transport: 'tcp'
          targetPort: 11111
          exposedPort: siloPortBase + firstPort + i
          additionalPortMappings: [
            {
              external: true
              targetPort: 30000
              exposedPort: gatewayPortBase + firstPort + i
            }
          ]
        }
        registries: [
          {
            server: registryServer
            identity: identity.id
          }
        ]
      }
      template: {
        // The host gives itself 10 s to write checkpoints and to hand over; the platform waits longer.
        terminationGracePeriodSeconds: 60
        containers: [
          {
            name: 'silo'
            image: image
            env: concat(settings, storeSettings, telemetry, [
              {
                name: 'Orleans__Endpoints__SiloPort'
                value: string(siloPortBase + firstPort + i)
              }
              {
                name: 'Orleans__Endpoints__GatewayPort'
                value: string(gatewayPortBase + firstPort + i)
              }
            ])
            resources: {
              cpu: json(cpu)
              memory: memory
            }
            probes: [
              {
                type: 'Startup'
                httpGet: {
                  path: '/health/startup'
                  port: 8080
                }
                periodSeconds: 10
                failureThreshold: 10
              }
              {
                type: 'Readiness'
                httpGet: {
                  path: '/health/ready'
                  port: 8080
                }
                periodSeconds: 10
                timeoutSeconds: 5
              }
              {
                type: 'Liveness'
                httpGet: {
                  path: '/health/live'
                  port: 8080
                }
                periodSeconds: 10
                failureThreshold: 6
              }
            ]
            volumeMounts: [
              {
                volumeName: 'data'
                mountPath: '/data'
              }
            ]
          }
        ]
        volumes: [
          {
            name: 'data'
            storageType: 'EmptyDir'
          }
        ]
        scale: {
          minReplicas: 1
          maxReplicas: 1
        }
      }
    }
  }
]

output names string[] = [for i in range(0, count): silos[i].name]

// An OpenTelemetry collector inside of the network: the hosts know OTLP only, and no address of a vendor.
param location string
param tags { *: string }
param token string
param abbrs { *: string }
param environmentId string
param componentName string

@description('A release of the collector with the Azure Monitor exporter; raise it with care, it is not ours.')
param image string = 'docker.io/otel/opentelemetry-collector-contrib:0.119.0'

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

resource collector 'Microsoft.App/containerApps@2026-01-01' = {
  name: '${abbrs.appContainerApps}otel-${token}'
  location: location
  tags: tags
  properties: {
    environmentId: environmentId
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: {
        external: true
        targetPort: 4318
        transport: 'http'
        allowInsecure: false
      }
      secrets: [
        {
          name: 'connection'
          value: component.properties.ConnectionString
        }
      ]
    }
    template: {
      containers: [
        {
          name: 'collector'
          image: image
          args: ['--config=env:COLLECTOR_CONFIG']
          env: [
            {
              name: 'COLLECTOR_CONFIG'
              value: loadTextContent('./collector.yaml')
            }
            {
              name: 'APPLICATIONINSIGHTS_CONNECTION_STRING'
              secretRef: 'connection'
            }
          ]
          resources: {
            cpu: json('0.25')
            memory: '0.5Gi'
          }
          probes: [
            {
              type: 'Liveness'
              httpGet: {
                path: '/'
                port: 13133
              }
              periodSeconds: 30
            }
          ]
        }
      ]
      scale: {
        minReplicas: 1
        maxReplicas: 1
      }
    }
  }
}

output endpoint string = 'https://${collector.properties.configuration.ingress.fqdn}'

resource ingest 'Microsoft.App/containerApps@2026-01-01' = {
  name: 'ingest'
  properties: {
    configuration: {
      ingress: {
        targetPort: 8090
      }
    }
    template: {
      containers: [
        {
          name: 'ingest'
          env: [
            {
              name: 'Pipeline__Url'
              value: 'http://0.0.0.0:8080'
            }
          ]
          probes: [
            {
              httpGet: {
                path: '/healthz'
                port: 8080
              }
            }
          ]
        }
      ]
    }
  }
}

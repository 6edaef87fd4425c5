// One network: a subnet per container environment, one for the database. The stores are reached through service
// endpoints, which also reach accounts in other regions.
param location string
param tags { *: string }
param token string
param abbrs { *: string }

resource network 'Microsoft.Network/virtualNetworks@2025-01-01' = {
  name: '${abbrs.networkVirtualNetworks}${token}'
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: ['172.20.0.0/16']
    }
    subnets: [
      {
        name: 'silos'
        properties: {
          addressPrefix: '172.20.0.0/24'
          serviceEndpoints: [
            {
              service: 'Microsoft.Storage.Global'
            }
          ]
          delegations: [
            {
              name: 'Microsoft.App.environments'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
        }
      }
      {
        name: 'ingest'
        properties: {
          addressPrefix: '172.20.1.0/24'
          delegations: [
            {
              name: 'Microsoft.App.environments'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
        }
      }
      {
        name: 'database'
        properties: {
          addressPrefix: '172.20.2.0/28'
          delegations: [
            {
              name: 'Microsoft.DBforPostgreSQL.flexibleServers'
              properties: {
                serviceName: 'Microsoft.DBforPostgreSQL/flexibleServers'
              }
            }
          ]
        }
      }
    ]
  }
}

output networkId string = network.id
output siloSubnetId string = '${network.id}/subnets/silos'
output ingestSubnetId string = '${network.id}/subnets/ingest'
output databaseSubnetId string = '${network.id}/subnets/database'

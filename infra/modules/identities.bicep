// One identity per program, so that each gets only its own rights: the silo the stores, the migration the database's
// administration, the ingest front the database alone. A silo never holds the rights of the migration.
param location string
param tags { *: string }
param token string
param abbrs { *: string }

resource silo 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${abbrs.managedIdentityUserAssignedIdentities}silo-${token}'
  location: location
  tags: tags
}

resource ingest 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${abbrs.managedIdentityUserAssignedIdentities}ingest-${token}'
  location: location
  tags: tags
}

resource migrate 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${abbrs.managedIdentityUserAssignedIdentities}migrate-${token}'
  location: location
  tags: tags
}

resource backup 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${abbrs.managedIdentityUserAssignedIdentities}backup-${token}'
  location: location
  tags: tags
}

output principalIds string[] = [
  silo.properties.principalId
  ingest.properties.principalId
  migrate.properties.principalId
]
output siloPrincipalId string = silo.properties.principalId
output migratePrincipalId string = migrate.properties.principalId
output migrateName string = migrate.name
output backupPrincipalId string = backup.properties.principalId

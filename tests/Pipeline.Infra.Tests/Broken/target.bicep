param given string
@description('No default.')
param needed string
param optional string = 'x'
output both string = '${given}${needed}${optional}'

var siloPortBase = 11111
var gatewayPortBase = 11120
var portsPerGeneration = 10
output ports array = [siloPortBase, gatewayPortBase, portsPerGeneration]

var siloPortBase = 36980
var gatewayPortBase = 30000
var portsPerGeneration = 10
output ports array = [siloPortBase, gatewayPortBase, portsPerGeneration]

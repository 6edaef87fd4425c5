var acrPull = '7f951dda-4ed3-4680-a7ca-43fe172d538d'
var owner = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'
output roles array = [acrPull, owner]

// Alerts on what the hosts export today (the names are checked against the code) and on what the platform sees.
// docs/operations.md says for each what to do.
param location string
param tags { *: string }
param workspaceId string
param actionGroupId string
param siloCount int

var minutes = 'PT5M'

// The collector gives the hosts' instruments to Application Insights, which keeps them in the table AppMetrics.
type alert = {
  name: string
  severity: int
  text: string
  @description('How far back each look goes; the time between two looks where nothing is said.')
  window: string?
  query: string
}

var queries alert[] = [
  {
    name: 'not-accepting'
    severity: 0
    text: 'Events are refused with 503: a majority of the stores does not answer, or a partition has no silo.'
    query: 'AppMetrics | where Name == "pipeline.accepting" and Sum < ItemCount | summarize n = count() by bin(TimeGenerated, 1m)'
  }
  {
    name: 'store-lost'
    severity: 1
    text: 'A store does not vote or does not answer: one more, and writing stops (quorum at risk).'
    query: 'AppMetrics | where Name == "pipeline.store.healthy" and Sum < ItemCount | summarize n = count() by bin(TimeGenerated, 1m)'
  }
  {
    name: 'store-failing'
    severity: 2
    text: 'Operations of a store fail: lost, out of space, or not reachable.'
    query: 'AppMetrics | where Name == "pipeline.store.duration" and tostring(Properties.outcome) in ("store-lost", "unavailable", "no-space") | summarize n = sum(ItemCount) by tostring(Properties.store), bin(TimeGenerated, 1m) | where n > 20'
  }
  {
    name: 'lag'
    severity: 2
    text: 'A stage is more than 100,000 events behind.'
    query: 'AppMetrics | where Name == "pipeline.stage.lag_events" and Sum > 100000 * ItemCount | summarize n = count() by bin(TimeGenerated, 1m)'
  }
  {
    name: 'dead-letters'
    severity: 3
    text: 'A stage refuses events: read them with GET /v1/pipelines/{name}/dead-letters.'
    // Counted since the stage started: what it grew by is what matters. Twice the time between two looks, so that none is
    // missed that came in between.
    window: 'PT10M'
    query: 'AppMetrics | where Name == "pipeline.stage.dead_letters" | summarize (begin, before) = arg_min(TimeGenerated, Sum / ItemCount), (end, now) = arg_max(TimeGenerated, Sum / ItemCount) by AppRoleInstance, tostring(Properties.pipeline), tostring(Properties.stage), tostring(Properties.partition) | where now > before'
  }
  {
    name: 'checkpoint-age'
    severity: 2
    text: 'A stage has not written a checkpoint for five minutes though it has read events.'
    query: 'AppMetrics | where Name == "pipeline.stage.checkpoint_age" and Sum > 300 * ItemCount | summarize n = count() by bin(TimeGenerated, 1m)'
  }
  {
    name: 'takeovers'
    severity: 3
    text: 'Partitions were taken over: silos are lost, started again, or take partitions from each other.'
    query: 'AppMetrics | where Name == "pipeline.partition.takeovers" | summarize n = sum(Sum) by bin(TimeGenerated, 1m) | where n > 50'
  }
  {
    name: 'repairs'
    severity: 3
    text: 'Copies on a store were put right from the others: it damages what it holds.'
    query: 'AppMetrics | where Name == "pipeline.store.repairs" and Sum > 0 and tostring(Properties.kind) == "damaged" | summarize n = sum(Sum) by tostring(Properties.store), bin(TimeGenerated, 1m)'
  }
  {
    name: 'refusals'
    severity: 2
    text: 'Requests were refused because nothing, or nobody knows what, was written.'
    query: 'AppMetrics | where Name == "pipeline.ingest.refusals" and tostring(Properties.problem) in ("not-appended", "outcome-unknown") | summarize n = sum(Sum) by bin(TimeGenerated, 1m) | where n > 10'
  }
  {
    name: 'loop-fault'
    severity: 1
    text: 'A host met an exception that nobody caught: a mistake of the program.'
    query: 'ContainerAppConsoleLogs | where Log has "met an exception that nobody caught" | summarize n = count() by bin(TimeGenerated, 1m)'
  }
]

resource rules 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for q in queries: {
    name: 'pipeline-${q.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'pipeline: ${q.name}'
      description: q.text
      severity: q.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: minutes
      windowSize: q.?window ?? minutes
      criteria: {
        allOf: [
          {
            query: q.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      autoMitigate: true
      // The table is made by the first metric that arrives.
      skipQueryValidation: true
      actions: {
        actionGroups: [actionGroupId]
      }
    }
  }
]

// What the platform counts without any help of the hosts: programs that end and are started again.
resource restarts 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = {
  name: 'pipeline-restarts'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'pipeline: restarts'
    description: 'Containers of the cluster were started again more than ${siloCount} times in a quarter of an hour.'
    severity: 1
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: minutes
    windowSize: 'PT15M'
    criteria: {
      allOf: [
        {
          query: 'ContainerAppSystemLogs | where Reason in ("ContainerTerminated", "ContainerBackOff") | summarize n = count() by ContainerAppName | where n > ${siloCount}'
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    autoMitigate: true
    skipQueryValidation: true
    actions: {
      actionGroups: [actionGroupId]
    }
  }
}

#!/bin/sh
# After the migration job has its image: runs it and waits, so that silos find their tables.
set -eu
export AZURE_EXTENSION_USE_DYNAMIC_INSTALL=yes_without_prompt
# In the subscription that is deployed to, whichever az was last used for.
azure() {
  az "$@" --subscription "$AZURE_SUBSCRIPTION_ID"
}
job=$(azure containerapp job list -g "$AZURE_RESOURCE_GROUP" \
  --query "[?tags.\"azd-service-name\"=='migrate'].name | [0]" -o tsv)
run=$(azure containerapp job start -g "$AZURE_RESOURCE_GROUP" -n "$job" --query name -o tsv)
echo "migration $run started"
tries=0
while [ "$tries" -lt 60 ]; do
  state=$(azure containerapp job execution show -g "$AZURE_RESOURCE_GROUP" -n "$job" --job-execution-name "$run" \
    --query properties.status -o tsv)
  case "$state" in
    Succeeded) echo "migration done"; exit 0 ;;
    Failed) echo "migration failed: az containerapp job logs show -n $job -g $AZURE_RESOURCE_GROUP" >&2; exit 1 ;;
  esac
  tries=$((tries + 1))
  sleep 10
done
echo "migration $run did not end within ten minutes" >&2
exit 1

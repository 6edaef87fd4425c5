#!/bin/sh
# After the new silos are deployed: once all of them run, removes the old ones, one after the other, with time for the
# partitions to move. Stops at the first doubt; both generations together are a healthy, larger cluster.
set -eu
export AZURE_EXTENSION_USE_DYNAMIC_INSTALL=yes_without_prompt
# In the subscription that is deployed to, whichever az was last used for.
azure() {
  az "$@" --subscription "$AZURE_SUBSCRIPTION_ID"
}
new="$SILO_GENERATION"
old=$((1 - new))
names() {
  azure containerapp list -g "$AZURE_RESOURCE_GROUP" \
    --query "[?tags.\"pipeline-generation\"=='$1'].name" -o tsv
}
health() {
  azure containerapp revision list -g "$AZURE_RESOURCE_GROUP" -n "$1" \
    --query "[?properties.active].properties.healthState | [0]" -o tsv
}
for app in $(names "$new"); do
  tries=0
  until [ "$(health "$app")" = Healthy ]; do
    tries=$((tries + 1))
    if [ "$tries" -gt 30 ]; then
      echo "$app is not healthy after five minutes: the old silos stay" >&2
      exit 1
    fi
    sleep 10
  done
done
for app in $(names "$old"); do
  echo "removing $app"
  azure containerapp delete -g "$AZURE_RESOURCE_GROUP" -n "$app" --yes -o none
  sleep 60
done

#!/bin/sh
# After the new silos are deployed: once all of them run, removes the old ones, one after the other, with time for the
# partitions to move. Stops at the first doubt; both generations together are a healthy, larger cluster.
set -eu
new="$SILO_GENERATION"
old=$((1 - new))
names() {
  az containerapp list -g "$AZURE_RESOURCE_GROUP" \
    --query "[?tags.\"pipeline-generation\"=='$1'].name" -o tsv
}
health() {
  az containerapp revision list -g "$AZURE_RESOURCE_GROUP" -n "$1" \
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
  az containerapp delete -g "$AZURE_RESOURCE_GROUP" -n "$app" --yes -o none
  sleep 60
done

#!/bin/sh
# Before silos are deployed: an app that runs must not be updated in place, its old and new process would claim the
# same address. The new version takes the ports of the generation that is free.
set -eu
export AZURE_EXTENSION_USE_DYNAMIC_INSTALL=yes_without_prompt
# In the subscription that is deployed to, whichever az was last used for.
azure() {
  az "$@" --subscription "$AZURE_SUBSCRIPTION_ID"
}
running=$(azure containerapp list -g "$AZURE_RESOURCE_GROUP" \
  --query "[?tags.\"pipeline-generation\"!=null].tags.\"pipeline-generation\"" -o tsv | sort -u)
case "$running" in
  '') next=0 ;;
  0) next=1 ;;
  1) next=0 ;;
  *)
    echo "two generations of silos are there: finish the last change first (docs/operations.md)" >&2
    exit 1
    ;;
esac
# azd looks for one app of the service: the old ones give the tag away.
for app in $(azure containerapp list -g "$AZURE_RESOURCE_GROUP" \
  --query "[?tags.\"azd-service-name\"=='silo'].id" -o tsv); do
  azure tag update --resource-id "$app" --operation Delete --tags azd-service-name=silo -o none
done
azd env set SILO_GENERATION "$next"
echo "silos go to generation $next"

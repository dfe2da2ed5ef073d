#!/bin/sh
# Changes nothing: there is no good token in the address that this was fetched from.
printf 'gatehouse-join: %s\n' 'This is no join token that is known here: it was not copied whole, a newer one has replaced it, or its container is gone.' >&2
printf '  %s\n' "Nothing was changed. Ask for a new one (POST "@SERVER@"/api/v1/containers/ID/join-token, by the container's owner or an" \
  'administrator) and paste its command.' >&2
exit 1

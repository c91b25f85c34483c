#!/bin/sh
# Puts the served edition into object storage with rclone: objects.sh output/site remote:bucket
# A bucket has no rename, so the order keeps it whole enough: what pages point to goes first, then the pages, then the
# entrances, and what is gone goes last. Between two of these a reader may see an older page, never a broken link.
set -eu
here=$(readlink -f "$1") there=$2
rclone copy --checksum --filter '- *.html' --filter '- /catalogue.json' --filter '- /status.json' "$here" "$there"
rclone copy --checksum --filter '- /index.html' --filter '+ *.html' --filter '- *' "$here" "$there"
rclone sync --checksum "$here" "$there"

#!/bin/sh
# Puts the served edition on another machine, whole: push.sh output/site user@host:/srv/www/desk
# It is sent beside the one that is served there, files that did not change are hard links into it, and one rename of a
# link swaps it in. Serve /srv/www/desk/site. The last three editions stay.
set -eu
here=$1 there=$2
case $there in
*:*) host=${there%%:*} folder=${there#*:} ;;
*) host='' folder=$there ;;
esac
name=$(basename "$(readlink -f "$here")")
on() { if [ -n "$host" ]; then ssh "$host" "$1"; else sh -c "$1"; fi; }

on "mkdir -p '$folder/editions'"
if [ "$(on "readlink '$folder/site' || true")" = "editions/$name" ]; then
  echo "edition $name is served there already"
  exit 0
fi
rsync --recursive --times --delete --checksum --link-dest="$folder/site/" "$here/" "$there/editions/$name.part/"
on "cd '$folder' && rm -rf 'editions/$name' && mv 'editions/$name.part' 'editions/$name' \
  && ln -sfn 'editions/$name' site.new && mv -T site.new site \
  && ls -1dt editions/*/ | tail -n +4 | xargs -r rm -rf"
